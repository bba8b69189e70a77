package gradus.tensor;

import gradus.tensor.op.Linear;
import gradus.tensor.op.MatMul;

/// Matrix products.
public sealed interface ProductOps permits Tensor {
    /// The matrix product over the last two axes. The axes before them number the matrices of a batch.
    ///
    /// **Shapes** (..., m, k) · (..., k, n) → (..., m, n); either side may be a single matrix
    default Tensor matmul(Tensor other) {
        return MatMul.apply(self(), false, other, false);
    }

    /// The matrix product with either side transposed in its last two axes, without a copy.
    default Tensor matmul(Tensor other, boolean transposeThis, boolean transposeOther) {
        return MatMul.apply(self(), transposeThis, other, transposeOther);
    }

    /// `y = x·Wᵀ + b`
    ///
    /// **Shapes** x (..., in), weight (out, in), bias (out) or null → (..., out)
    default Tensor linear(Tensor weight, Tensor bias) {
        return Linear.apply(self(), weight, bias);
    }

    private Tensor self() {
        return (Tensor) this;
    }
}
