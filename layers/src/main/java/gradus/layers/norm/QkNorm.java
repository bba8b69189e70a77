package gradus.layers.norm;

import static gradus.error.ConfigException.require;

import gradus.error.ShapeException;
import gradus.layers.Layer;
import gradus.layers.Transform;
import gradus.tensor.Tensor;

/// RMSNorm of each head of the queries or keys: `y = x / √(mean(x²) + ε) · g` over the D channels of one
/// head, with one g for all heads. Logits then cannot exceed `max|g_q|·max|g_k|·√D`, however large the
/// projections grow. Henry et al. 2020, arXiv:2010.04245, in the form of Qwen3: after the projection and
/// before the rotation of RoPE. Queries and keys each have their own.
public final class QkNorm extends Layer implements Transform {
    private final double eps;
    private final Tensor gain; // (D)

    /// @param headDim D, the size of one head
    /// @param eps     ε, above 0; Qwen3 takes 1e-6
    /// @throws gradus.error.ConfigException if one is out of range
    public QkNorm(int headDim, double eps) {
        require(headDim >= 1, "QkNorm: headDim must be at least 1; got %d", headDim);
        require(eps > 0 && Double.isFinite(eps), "QkNorm: eps must be above 0; got %s", eps);
        this.eps = eps;
        this.gain = param("weight", Tensor.lazy(() -> Tensor.ones(headDim), headDim));
    }

    /// **Shapes** x (B, T, H·D) with any H → the same
    ///
    /// @throws ShapeException if the last axis is not a multiple of D
    @Override
    public Tensor forward(Tensor x) {
        int headDim = gain.size();
        ShapeException.require(
                x.rank() == 3 && x.dim(2) % headDim == 0, "QkNorm: x must be (B, T, H·%d); got %s", headDim, x.shape());
        Tensor heads = x.reshape(x.dim(0), x.dim(1), -1, headDim); // (B, T, H, D)
        return hooked(heads.rmsNorm(gain, eps).reshape(x.shape().dims())); // (B, T, H·D)
    }
}
