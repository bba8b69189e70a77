package gradus.layers.norm;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;

/// Root-mean-square normalisation: `y = x / √(mean(x²) + ε) · g` over the last axis.
/// Zhang & Sennrich 2019, arXiv:1910.07467. LayerNorm without the mean: cheaper, and as good in practice.
public final class RMSNorm extends Norm {
    private final double eps;
    private final Tensor gain; // (C)

    /// @param dim C, the size of the last axis
    /// @param eps ε, above 0
    /// @throws gradus.error.ConfigException if one is out of range
    public RMSNorm(int dim, double eps) {
        require(dim >= 1, "RMSNorm: dim must be at least 1; got %d", dim);
        require(eps > 0 && Double.isFinite(eps), "RMSNorm: eps must be above 0; got %s", eps);
        this.eps = eps;
        this.gain = param("weight", Tensor.lazy(() -> Tensor.ones(dim), dim));
    }

    /// **Shapes** x (..., C) → (..., C)
    @Override
    public Tensor forward(Tensor x) {
        return hooked(x.rmsNorm(gain, eps));
    }
}
