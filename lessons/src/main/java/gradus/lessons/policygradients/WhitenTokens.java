package gradus.lessons.policygradients;

/// Advantages with the mean 0 and the variance 1.
public final class WhitenTokens {
    private WhitenTokens() {}

    /// Shifts and scales the advantages of all tokens of a batch **together**: `(A - mean)/√(var + 1e-8)`, with
    /// the unbiased variance, the sum of squared distances from the mean over **n - 1** for n tokens. So the
    /// size of a step does not depend on what rewards are measured in.
    ///
    /// Row i has `lengths[i]` tokens, 0 or more; what stands behind them is padding, which may be any number.
    /// It takes no part, and the result is **0** there. A single token in the whole batch becomes 0.
    ///
    /// **Shapes** advantages (N, T), lengths (N) → (N, T)
    public static double[][] whiten(double[][] advantages, int[] lengths) {
        // --- your answer
        double sum = 0;
        int count = 0;
        for (int row = 0; row < lengths.length; row++) {
            for (int t = 0; t < lengths[row]; t++) {
                sum += advantages[row][t];
                count++;
            }
        }
        double mean = sum / Math.max(1, count);
        double squares = 0;
        for (int row = 0; row < lengths.length; row++) {
            for (int t = 0; t < lengths[row]; t++) {
                squares += (advantages[row][t] - mean) * (advantages[row][t] - mean);
            }
        }
        double scale = Math.sqrt(squares / Math.max(1, count - 1) + 1e-8);
        double[][] white = new double[lengths.length][];
        for (int row = 0; row < lengths.length; row++) {
            white[row] = new double[advantages[row].length];
            for (int t = 0; t < lengths[row]; t++) {
                white[row][t] = (advantages[row][t] - mean) / scale;
            }
        }
        return white;
        // ---
    }
}
