package gradus.lessons.mlp;

import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;

/// The neural language model of Bengio and others, 2003, on characters.
public final class CharMlp {
    private CharMlp() {}

    /// The scores of the next symbol for each of B contexts of K symbols. Every symbol of a context is
    /// replaced by its row of the table; the K rows of a context are put behind each other, the first
    /// symbol's numbers first; then
    ///
    /// `logits = tanh(x·w1 + b1)·w2 + b2`, where x is such a long row.
    ///
    /// The result must be differentiable with respect to all five tensors. Scores, not probabilities: no softmax.
    ///
    /// **Shapes** table (V, D), w1 (K·D, H), b1 (H), w2 (H, V), b2 (V), contexts (B, K) → (B, V)
    public static Tensor logits(Tensor table, Tensor w1, Tensor b1, Tensor w2, Tensor b2, Indices contexts) {
        // --- your answer
        int batch = contexts.shape().dim(0);
        int block = contexts.shape().dim(1);
        Tensor rows = table.indexSelect(0, contexts.reshape(batch * block)); // (B·K, D)
        Tensor x = rows.reshape(batch, block * table.dim(1)); // (B, K·D)
        Tensor hidden = x.matmul(w1).add(b1).tanh(); // (B, H)
        return hidden.matmul(w2).add(b2); // (B, V)
        // ---
    }
}
