package gradus.lessons.norms;

/// Each channel over the whole batch, and running statistics for later.
public final class BatchNormStep {
    private BatchNormStep() {}

    /// **In training** normalises each channel over the N rows of the batch: `y = (x − μ) / √(σ² + ε)` with the
    /// mean μ and the variance σ² of that column, σ² dividing by N; and moves the running statistics in place
    /// by `running = (1 − momentum)·running + momentum·new`, where the new mean is μ and the new variance is
    /// the **unbiased** one, which divides by N − 1. **In evaluation** uses `runningMean` and `runningVariance`
    /// as they are in place of μ and σ², and changes neither. No gain, no bias.
    ///
    /// **Shapes** x (N, C) → (N, C), with N ≥ 2 in training and N ≥ 1 in evaluation
    ///
    /// @param runningMean     C numbers, moved in training
    /// @param runningVariance C numbers, moved in training
    public static double[][] forward(
            double[][] x,
            double[] runningMean,
            double[] runningVariance,
            boolean training,
            double momentum,
            double eps) {
        double[][] y = new double[x.length][runningMean.length];
        for (int c = 0; c < runningMean.length; c++) {
            // --- your answer
            double mean = runningMean[c];
            double variance = runningVariance[c];
            if (training) {
                double sum = 0;
                for (double[] row : x) {
                    sum += row[c];
                }
                mean = sum / x.length;
                double squares = 0;
                for (double[] row : x) {
                    squares += (row[c] - mean) * (row[c] - mean);
                }
                variance = squares / x.length;
                runningMean[c] += momentum * (mean - runningMean[c]);
                runningVariance[c] += momentum * (squares / (x.length - 1) - runningVariance[c]);
            }
            for (int n = 0; n < x.length; n++) {
                y[n][c] = (x[n][c] - mean) / Math.sqrt(variance + eps);
            }
            // ---
        }
        return y;
    }
}
