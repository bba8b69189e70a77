package gradus.lessons.alibi;

import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;

/// A learned number for each head and each distance.
public final class RelativeBias {
    private RelativeBias() {}

    /// What is to be added to the scores of T queries and S keys. The queries are the last ones of the S
    /// positions: query i stands at `i + S - T`, key j at j. Their offset `r = j - (i + S - T)` is negative
    /// for keys in front. Offsets are clipped to -K … K, and the table holds one number for each: its column
    /// `r + K`, from -K on the left to K on the right.
    ///
    /// `bias[h, i, j] = table[h, clip(j - (i + S - T), -K, K) + K]`
    ///
    /// Gradients must flow to the table. Nothing is masked here.
    ///
    /// **Shapes** table (H, 2K+1), T at most S → (H, T, S)
    ///
    /// @param queries T
    /// @param keys    S
    public static Tensor bias(Tensor table, int queries, int keys) {
        // --- your answer
        int furthest = table.dim(1) / 2; // K
        int[] columns = new int[queries * keys];
        for (int i = 0; i < queries; i++) {
            for (int j = 0; j < keys; j++) {
                int offset = j - (i + keys - queries);
                columns[i * keys + j] = Math.clamp(offset, -furthest, furthest) + furthest;
            }
        }
        Tensor picked = table.indexSelect(1, Indices.of(columns)); // (H, T·S)
        return picked.reshape(table.dim(0), queries, keys); // (H, T, S)
        // ---
    }
}
