package gradus.lessons.norms;

import gradus.tensor.Tensor;

/// Each token by itself: mean 0, variance 1, then a gain and a bias for each channel.
public final class LayerNormForward {
    private LayerNormForward() {}

    /// `y = (x − μ) / √(σ² + ε) · gain + bias`, μ and σ² being the mean and the variance of the C numbers of
    /// one token (the last axis). σ² is the mean of the squared distances from μ: it divides by C, not by C −
    /// 1. ε stands inside the root.
    ///
    /// **Shapes** x (..., C), gain (C), bias (C) → as x
    public static Tensor layerNorm(Tensor x, Tensor gain, Tensor bias, double eps) {
        // --- your answer
        Tensor centred = x.sub(x.mean(-1, true)); // (..., C)
        Tensor variance = centred.square().mean(-1, true); // (..., 1)
        Tensor normal = centred.div(variance.add(eps).sqrt()); // (..., C)
        return normal.mul(gain).add(bias);
        // ---
    }
}
