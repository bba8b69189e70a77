package gradus.lessons.alibi;

import gradus.tensor.Tensor;

/// Attention weights that fall with the distance.
public final class AlibiWeights {
    private AlibiWeights() {}

    /// The weights of causal attention with ALiBi. The T queries are the last ones of the S positions: query
    /// i stands at position `i + S - T`, key j at position j. From the score of head h, `slopes[h]` times the
    /// distance is taken:
    ///
    /// `scores[b, h, i, j] - slopes[h]·(i + S - T - j)`
    ///
    /// Keys behind the query (`j > i + S - T`) get the weight 0. The softmax goes over the keys that are
    /// left. The scores are divided by √D already. They are float32, and so must the result be; gradients
    /// must flow to them.
    ///
    /// **Shapes** scores (B, H, T, S), T at most S → (B, H, T, S)
    ///
    /// @param slopes one for each head
    public static Tensor weights(Tensor scores, double[] slopes) {
        // --- your answer
        int heads = scores.dim(1);
        int queries = scores.dim(2);
        int keys = scores.dim(3);
        float[] bias = new float[heads * queries * keys];
        for (int h = 0; h < heads; h++) {
            for (int i = 0; i < queries; i++) {
                for (int j = 0; j < keys; j++) {
                    int distance = i + keys - queries - j;
                    double value = distance < 0 ? Double.NEGATIVE_INFINITY : -slopes[h] * distance;
                    bias[(h * queries + i) * keys + j] = (float) value;
                }
            }
        }
        return scores.add(Tensor.of(bias, heads, queries, keys)).softmax(); // (B, H, T, S)
        // ---
    }
}
