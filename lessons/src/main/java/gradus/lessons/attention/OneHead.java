package gradus.lessons.attention;

/// Attention of one head, number by number.
public final class OneHead {
    private OneHead() {}

    /// Every query looks at every key, and takes a weighted mean of the values: `output[i] = Σⱼ wᵢⱼ · v[j]`,
    /// `wᵢⱼ = exp(sᵢⱼ) / Σⱼ exp(sᵢⱼ)` over the keys j, `sᵢⱼ = q[i]·k[j] / √D` where `q[i]·k[j]` is the sum of
    /// products and D is the length of a query. No mask: every key is seen. Scores may be as large as 10,000.
    ///
    /// **Shapes** q (Tq, D), k (Tk, D), v (Tk, Dv) → (Tq, Dv); Tq, Tk, D and Dv may all be different
    public static double[][] attend(double[][] q, double[][] k, double[][] v) {
        // --- your answer
        double[][] output = new double[q.length][v[0].length];
        for (int i = 0; i < q.length; i++) {
            double[] scores = new double[k.length];
            double largest = Double.NEGATIVE_INFINITY;
            for (int j = 0; j < k.length; j++) {
                for (int d = 0; d < q[i].length; d++) {
                    scores[j] += q[i][d] * k[j][d];
                }
                scores[j] /= Math.sqrt(q[i].length);
                largest = Math.max(largest, scores[j]);
            }
            double sum = 0;
            for (int j = 0; j < k.length; j++) {
                scores[j] = Math.exp(scores[j] - largest);
                sum += scores[j];
            }
            for (int j = 0; j < k.length; j++) {
                for (int d = 0; d < v[j].length; d++) {
                    output[i][d] += scores[j] / sum * v[j][d];
                }
            }
        }
        return output;
        // ---
    }
}
