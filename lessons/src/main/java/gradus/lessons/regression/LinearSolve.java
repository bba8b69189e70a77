package gradus.lessons.regression;

import java.util.Arrays;

/// Systems of linear equations.
public final class LinearSolve {
    private LinearSolve() {}

    /// Solves `a·x = b` by Gaussian elimination with row exchanges. For each column in turn, among the rows
    /// that are not used yet the one with the largest magnitude in that column is exchanged to the top (the
    /// pivot), so that nothing is divided by 0 or by a number near it; then a multiple of it is taken from
    /// other rows, so that their column becomes 0. Left and right side go together.
    ///
    /// @param a n rows of n numbers, which have an inverse; unchanged, like b
    /// @param b n numbers
    /// @return the n numbers x
    public static double[] solve(double[][] a, double[] b) {
        // --- your answer
        int n = b.length;
        double[][] m = new double[n][];
        for (int i = 0; i < n; i++) {
            m[i] = Arrays.copyOf(a[i], n + 1);
            m[i][n] = b[i]; // the right side is the last column
        }
        for (int k = 0; k < n; k++) {
            int pivot = k;
            for (int i = k + 1; i < n; i++) {
                pivot = Math.abs(m[i][k]) > Math.abs(m[pivot][k]) ? i : pivot;
            }
            double[] row = m[pivot];
            m[pivot] = m[k];
            m[k] = row;
            for (int i = 0; i < n; i++) {
                double factor = i == k ? 0 : m[i][k] / row[k];
                for (int j = k; j <= n; j++) {
                    m[i][j] -= factor * row[j];
                }
            }
        }
        double[] x = new double[n];
        Arrays.setAll(x, i -> m[i][n] / m[i][i]);
        return x;
        // ---
    }
}
