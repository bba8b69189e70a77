package gradus.lessons.gpt;

import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import java.util.List;
import java.util.function.UnaryOperator;

/// The whole model, around its blocks.
public final class TiedLogits {
    private TiedLogits() {}

    /// From tokens to logits, with a head that is the token table again:
    /// ```
    /// x = E[id] + P[t]                 t = 0 at the first position of every sequence
    /// x = block(x)                     for each block, in order; there may be none
    /// logits = norm(x)·Eᵀ
    /// ```
    /// The gradient of E comes from both of its uses.
    ///
    /// **Shapes** ids (B, T), table E (V, C), positions P (N, C) with N ≥ T → (B, T, V)
    public static Tensor logits(
            Indices ids,
            Tensor table,
            Tensor positions,
            List<UnaryOperator<Tensor>> blocks,
            UnaryOperator<Tensor> norm) {
        // --- your answer
        int time = ids.shape().dim(1);
        Tensor x = table.embedding(ids).add(positions.slice(0, 0, time)); // (B, T, C)
        for (UnaryOperator<Tensor> block : blocks) {
            x = block.apply(x); // (B, T, C)
        }
        return norm.apply(x).matmul(table.transpose(0, 1)); // (B, T, V)
        // ---
    }
}
