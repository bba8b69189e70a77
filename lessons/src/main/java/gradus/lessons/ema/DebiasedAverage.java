package gradus.lessons.ema;

/// The moving average that starts at nothing.
public final class DebiasedAverage {
    private DebiasedAverage() {}

    /// Starts at 0, sees the weights after every step, and corrects what it gives for its start:
    /// ```
    /// s₀ = 0        sₜ = d·sₜ₋₁ + (1 - d)·θₜ        average = sₜ/(1 - dᵗ)
    /// ```
    /// where t counts from 1. So the average of one row is the row itself, and that of equal rows is that row.
    ///
    /// @param weights θ₁, θ₂, …, one row for each step; at least one, and all of one length
    /// @param decay   d in [0, 1)
    /// @return the average after the last step
    public static double[] average(double[][] weights, double decay) {
        // --- your answer
        double[] average = new double[weights[0].length];
        for (double[] row : weights) {
            for (int i = 0; i < row.length; i++) {
                average[i] = decay * average[i] + (1 - decay) * row[i];
            }
        }
        double seen = 1 - Math.pow(decay, weights.length);
        for (int i = 0; i < average.length; i++) {
            average[i] /= seen;
        }
        return average;
        // ---
    }
}
