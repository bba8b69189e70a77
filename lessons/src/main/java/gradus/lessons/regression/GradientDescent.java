package gradus.lessons.regression;

/// A line fitted step by step.
public final class GradientDescent {
    private GradientDescent() {}

    /// Fits `ŷ = Σ_c w[c]·x[c] + b` to N examples by gradient descent on the mean squared error
    /// `L = (1/N)·Σᵢ (ŷᵢ − yᵢ)²`.
    ///
    /// All weights and the bias begin at 0. A step computes the gradient of L from all examples at the
    /// present weights and bias, and then moves all of them at once: `w ← w − rate·∂L/∂w`, `b ← b −
    /// rate·∂L/∂b`.
    ///
    /// @param x     N rows of C numbers, at least one row
    /// @param y     N targets
    /// @param steps how many steps; 0 leaves everything at 0
    /// @return C + 1 numbers: the weights, and the bias last
    public static double[] fit(double[][] x, double[] y, double rate, int steps) {
        // --- your answer
        int columns = x[0].length;
        double[] w = new double[columns + 1]; // the bias last
        for (int step = 0; step < steps; step++) {
            double[] gradient = new double[columns + 1];
            for (int i = 0; i < x.length; i++) {
                double off = w[columns] - y[i];
                for (int c = 0; c < columns; c++) {
                    off += w[c] * x[i][c];
                }
                for (int c = 0; c < columns; c++) {
                    gradient[c] += 2 * off * x[i][c] / x.length;
                }
                gradient[columns] += 2 * off / x.length;
            }
            for (int c = 0; c <= columns; c++) {
                w[c] -= rate * gradient[c];
            }
        }
        return w;
        // ---
    }
}
