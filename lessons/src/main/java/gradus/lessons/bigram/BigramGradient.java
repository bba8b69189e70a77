package gradus.lessons.bigram;

/// The gradient of the smallest neural language model.
public final class BigramGradient {
    private BigramGradient() {}

    /// The gradient of the mean cross-entropy of n pairs with respect to a table of scores. The model gives
    /// symbol j after symbol i the probability `p[i][j] = exp(w[i][j]) / Σ_k exp(w[i][k])`, and its loss is
    ///
    /// `L = −(1/n)·Σ ln p[from[m]][to[m]]`, the sum over all pairs m.
    ///
    /// For one pair (i, j), `−ln p[i][j]` has the derivative `p[i][k] − [k = j]` with respect to `w[i][k]`,
    /// and none with respect to other rows. Scores may be as large as 1,000, where exp is infinite: take the
    /// row's largest score away first. There is at least one pair; a pair may occur many times. w is a
    /// square.
    public static double[][] gradient(double[][] w, int[] from, int[] to) {
        // --- your answer
        double[][] gradient = new double[w.length][w.length];
        for (int m = 0; m < from.length; m++) {
            double[] scores = w[from[m]];
            double largest = Double.NEGATIVE_INFINITY;
            for (double score : scores) {
                largest = Math.max(largest, score);
            }
            double sum = 0;
            for (double score : scores) {
                sum += Math.exp(score - largest);
            }
            for (int k = 0; k < scores.length; k++) {
                double p = Math.exp(scores[k] - largest) / sum;
                gradient[from[m]][k] += (p - (k == to[m] ? 1 : 0)) / from.length;
            }
        }
        return gradient;
        // ---
    }
}
