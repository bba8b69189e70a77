package gradus.lessons.attention;

import gradus.tensor.Tensor;

/// From a narrow vector a head back to one wide one a token.
public final class MergeHeads {
    private MergeHeads() {}

    /// The inverse of splitting heads: each token's H pieces side by side, head 0 first. The result's element
    /// (b, t, h·D + d) is x's element (b, h, t, d).
    ///
    /// **Shapes** x (B, H, T, D) → (B, T, H·D)
    public static Tensor merge(Tensor x) {
        // --- your answer
        return x.transpose(1, 2) // (B, T, H, D)
                .reshape(x.dim(0), x.dim(2), x.dim(1) * x.dim(3)); // (B, T, H·D)
        // ---
    }
}
