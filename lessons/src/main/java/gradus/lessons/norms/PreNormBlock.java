package gradus.lessons.norms;

import gradus.tensor.Tensor;
import java.util.function.UnaryOperator;

/// Where the norms of a Transformer block stand today.
public final class PreNormBlock {
    private PreNormBlock() {}

    /// One block, **pre-norm**: each of the two sublayers, attention first, reads a normalised copy of the
    /// stream, and its result is added to the stream itself: `x = x + f(norm(x))`. The stream is never
    /// normalised in place.
    ///
    /// Each argument is a function from a tensor to one of the same shape, called as `attention.apply(…)`.
    ///
    /// **Shapes** x (B, T, C) → (B, T, C)
    ///
    /// @param norm1 for what attention reads
    /// @param norm2 for what the feed-forward layer reads
    public static Tensor forward(
            Tensor x,
            UnaryOperator<Tensor> norm1,
            UnaryOperator<Tensor> attention,
            UnaryOperator<Tensor> norm2,
            UnaryOperator<Tensor> feedForward) {
        // --- your answer
        Tensor between = x.add(attention.apply(norm1.apply(x))); // (B, T, C)
        return between.add(feedForward.apply(norm2.apply(between))); // (B, T, C)
        // ---
    }
}
