package gradus.lessons.ema;

/// The moving average that starts as a copy.
public final class CopiedAverage {
    private CopiedAverage() {}

    /// Starts as the weights that training starts from, and forgets faster while it is young:
    /// ```
    /// s₀ = start        sₜ = dₜ·sₜ₋₁ + (1 - dₜ)·θₜ        dₜ = min(d, (1 + t)/(10 + t))
    /// ```
    /// where t counts from 1. A copy is not a start at 0, so nothing is corrected at the end.
    ///
    /// @param start   the weights before the first step
    /// @param weights θ₁, θ₂, …, one row for each step; there may be none
    /// @param decay   d in [0, 1)
    /// @return sₜ after the last step, in a new array
    public static double[] average(double[] start, double[][] weights, double decay) {
        // --- your answer
        double[] average = start.clone();
        for (int t = 1; t <= weights.length; t++) {
            double d = Math.min(decay, (1.0 + t) / (10 + t));
            for (int i = 0; i < average.length; i++) {
                average[i] = d * average[i] + (1 - d) * weights[t - 1][i];
            }
        }
        return average;
        // ---
    }
}
