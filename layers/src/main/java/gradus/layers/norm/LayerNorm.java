package gradus.layers.norm;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;

/// Layer normalisation: `y = (x - μ)/√(σ² + ε) · g + b` with mean μ and biased variance σ² of the last axis.
/// Ba, Kiros & Hinton 2016, arXiv:1607.06450. GPT-2 uses ε = 1e-5, BERT 1e-12.
public final class LayerNorm extends Norm {
    private final double eps;
    private final Tensor gain; // (C)
    private final Tensor bias; // (C)

    /// @param dim C, the size of the last axis
    /// @param eps ε, above 0
    /// @throws gradus.error.ConfigException if one is out of range
    public LayerNorm(int dim, double eps) {
        require(dim >= 1, "LayerNorm: dim must be at least 1; got %d", dim);
        require(eps > 0 && Double.isFinite(eps), "LayerNorm: eps must be above 0; got %s", eps);
        this.eps = eps;
        this.gain = param("weight", Tensor.lazy(() -> Tensor.ones(dim), dim));
        this.bias = param("bias", Tensor.lazy(() -> Tensor.zeros(dim), dim));
    }

    /// **Shapes** x (..., C) → (..., C)
    @Override
    public Tensor forward(Tensor x) {
        return hooked(x.layerNorm(gain, bias, eps));
    }
}
