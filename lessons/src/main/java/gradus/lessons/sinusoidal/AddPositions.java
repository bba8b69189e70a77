package gradus.lessons.sinusoidal;

import gradus.tensor.Tensor;

/// Embeddings and positions come together.
public final class AddPositions {
    private AddPositions() {}

    /// `y[b, t] = √C·x[b, t] + table[first + t]`: the embeddings, scaled as in the paper, plus the positions. The
    /// table may be learned, so gradients must flow to it as well as to x; rows that no token stands at get the
    /// gradient 0.
    ///
    /// **Shapes** x (B, T, C), table (P, C) → (B, T, C)
    ///
    /// @param first the position of the first token, 0 or more
    /// @throws IllegalArgumentException if the table has no row for the last token
    public static Tensor embed(Tensor x, Tensor table, int first) {
        // --- your answer
        int time = x.dim(1);
        if (first + time > table.dim(0)) {
            throw new IllegalArgumentException("the table ends at position " + table.dim(0));
        }
        Tensor positions = table.slice(0, first, first + time); // (T, C)
        return x.mul(Math.sqrt(x.dim(2))).add(positions); // (B, T, C)
        // ---
    }
}
