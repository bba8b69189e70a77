package gradus.lessons.gpt;

import gradus.tensor.Tensor;
import java.util.function.UnaryOperator;

/// The four parts of a block, in their order.
public final class GptBlock {
    private GptBlock() {}

    /// A block with the norm before each branch, as in GPT-2: the first norm and attention are one branch,
    /// the second norm and the feed-forward network the other, and each branch is added to the stream that it
    /// branched from. The second branch starts from what the first one left. Apply each of the four parts
    /// once.
    ///
    /// The probes put simple functions in the place of the parts, which are shown by their formulas.
    ///
    /// **Shapes** x (..., C) → (..., C)
    public static Tensor forward(
            Tensor x,
            UnaryOperator<Tensor> norm1,
            UnaryOperator<Tensor> attention,
            UnaryOperator<Tensor> norm2,
            UnaryOperator<Tensor> feedForward) {
        // --- your answer
        Tensor attended = x.add(attention.apply(norm1.apply(x))); // (..., C)
        return attended.add(feedForward.apply(norm2.apply(attended))); // (..., C)
        // ---
    }
}
