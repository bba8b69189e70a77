package gradus.lessons.attention;

import gradus.tensor.Tensor;

/// From one wide vector a token to a narrow one a head.
public final class SplitHeads {
    private SplitHeads() {}

    /// Each token's C numbers are cut into H pieces of D = C / H neighbouring numbers; head h gets piece h,
    /// so that the result's element (b, h, t, d) is x's element (b, t, h·D + d).
    ///
    /// **Shapes** x (B, T, C) → (B, H, T, D)
    ///
    /// @param heads H, a divisor of C
    public static Tensor split(Tensor x, int heads) {
        // --- your answer
        int size = x.dim(2) / heads;
        return x.reshape(x.dim(0), x.dim(1), heads, size) // (B, T, H, D)
                .transpose(1, 2); // (B, H, T, D)
        // ---
    }
}
