package gradus.lessons.norms;

import gradus.tensor.Tensor;

/// LayerNorm without the mean and the bias.
public final class RmsNormForward {
    private RmsNormForward() {}

    /// `y = x / √(mean(x²) + ε) · gain`, the mean over the C numbers of one token (the last axis). ε stands
    /// inside the root. Nothing is subtracted.
    ///
    /// **Shapes** x (..., C), gain (C) → as x
    public static Tensor rmsNorm(Tensor x, Tensor gain, double eps) {
        // --- your answer
        Tensor meanSquare = x.square().mean(-1, true); // (..., 1)
        return x.div(meanSquare.add(eps).sqrt()).mul(gain); // (..., C)
        // ---
    }
}
