package gradus.train.rl;

/// Shifts and scales numbers to mean 0 and variance 1: `(x - mean)/√(var + 1e-8)`, with the unbiased variance,
/// over all tokens of all completions of a batch together. Padding takes no part: the arrays are ragged.
///
/// PPO whitens advantages so that the size of its steps does not depend on the scale of the rewards, as TRL's
/// `masked_whiten` does. The returns are computed before; whitened ones would be no returns any more.
public final class Whitening {
    private static final double EPS = 1e-8;

    private Whitening() {}

    /// @param rows numbers for the tokens of each completion
    /// @return as many; a single number becomes 0
    public static double[][] of(double[][] rows) {
        double sum = 0;
        int count = 0;
        for (double[] row : rows) {
            for (double x : row) {
                sum += x;
                count++;
            }
        }
        double mean = sum / Math.max(1, count);
        double squares = 0;
        for (double[] row : rows) {
            for (double x : row) {
                squares += (x - mean) * (x - mean);
            }
        }
        double scale = Math.sqrt(squares / Math.max(1, count - 1) + EPS);
        double[][] white = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            white[i] = new double[rows[i].length];
            for (int t = 0; t < rows[i].length; t++) {
                white[i][t] = (rows[i][t] - mean) / scale;
            }
        }
        return white;
    }
}
