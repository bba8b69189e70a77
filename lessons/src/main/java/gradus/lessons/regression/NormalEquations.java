package gradus.lessons.regression;

import java.util.Arrays;

/// The equations whose solution has the least squared error.
public final class NormalEquations {
    private NormalEquations() {}

    /// The normal equations of ridge regression. The loss is `L = (1/N)·Σᵢ (Σ_c w[c]·x[i][c] + b − y[i])² +
    /// λ·Σ_c w[c]²`; the bias b is not held small. Where its gradient is zero, `(X̃ᵀX̃ + N·λ·D)·w̃ = X̃ᵀy`.
    /// X̃ is x with a last column of ones, for the bias; w̃ is the weights and, last, the bias; D has a 1 on
    /// the diagonal for every weight and a 0 for the bias.
    ///
    /// @param x N rows of C numbers
    /// @param y N targets
    /// @return C + 1 rows of C + 2 numbers: the matrix on the left, and X̃ᵀy as the last column
    public static double[][] system(double[][] x, double[] y, double lambda) {
        // --- your answer
        int columns = x[0].length;
        double[][] system = new double[columns + 1][columns + 2];
        for (int i = 0; i < x.length; i++) {
            double[] row = Arrays.copyOf(x[i], columns + 1);
            row[columns] = 1; // what the bias is multiplied by
            for (int c = 0; c <= columns; c++) {
                for (int d = 0; d <= columns; d++) {
                    system[c][d] += row[c] * row[d];
                }
                system[c][columns + 1] += row[c] * y[i];
            }
        }
        for (int c = 0; c < columns; c++) {
            system[c][c] += x.length * lambda;
        }
        return system;
        // ---
    }
}
