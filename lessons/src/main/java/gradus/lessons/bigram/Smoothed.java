package gradus.lessons.bigram;

/// From counts to probabilities.
public final class Smoothed {
    private Smoothed() {}

    /// The probability of each symbol after each, with `extra` added to every count, so that no pair is
    /// impossible:
    ///
    /// `p[i][j] = (counts[i][j] + extra) / (Σ_k counts[i][k] + V·extra)`, where a row has V numbers.
    ///
    /// Each row adds up to 1. A row without any counts, where extra is 0 too, becomes 1/V everywhere.
    ///
    /// @param extra at least 0, and not always a whole number
    public static double[][] probabilities(double[][] counts, double extra) {
        // --- your answer
        double[][] p = new double[counts.length][];
        for (int i = 0; i < counts.length; i++) {
            p[i] = new double[counts[i].length];
            double total = 0;
            for (double count : counts[i]) {
                total += count + extra;
            }
            for (int j = 0; j < p[i].length; j++) {
                p[i][j] = total == 0 ? 1.0 / p[i].length : (counts[i][j] + extra) / total;
            }
        }
        return p;
        // ---
    }
}
