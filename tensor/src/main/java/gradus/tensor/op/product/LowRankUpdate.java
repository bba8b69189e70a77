package gradus.tensor.op.product;

import gradus.tensor.Tensor;

/// What is added to a matrix W (out, in) by way of two thin ones: `s·B·A`, of rank r at most. [LowRankLinear] and
/// [QuantizedLinear] multiply by `W + Σ s·B·A`.
///
/// @param a     (r, in)
/// @param b     (out, r)
/// @param scale s
public record LowRankUpdate(Tensor a, Tensor b, double scale) {

    /// `s·B·A`, in plain tensor operations.
    ///
    /// **Shapes** → (out, in)
    public Tensor plain() {
        return b.matmul(a).mul(scale); // (out, in)
    }
}
