package gradus.tensor.op.reduce;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Tensor;

/// `(Σ |x|ᵖ)^(1/p)` along the last axis: the length of a vector for p = 2, the sum of sizes for p = 1, the
/// largest size for p = ∞. Where a norm has a kink its gradient is the subgradient that PyTorch gives: 0 at
/// the zero vector, and equal shares for equal largest sizes.
public final class Norm {
    private Norm() {}

    /// **Shapes** x (..., n) → (...)
    public static Tensor apply(Tensor x, double p) {
        given(x, "norm", "a tensor");
        require(p > 0, "norm: p must be above 0, or infinite; got %s", p);
        if (p == 2) {
            return Moments.root(x.square().sum(-1));
        }
        Tensor size = x.abs();
        if (p == 1) {
            return size.sum(-1);
        }
        if (Double.isInfinite(p)) {
            return size.amax(-1);
        }
        Tensor sum = power(size, p).sum(-1);
        return power(sum, 1 / p);
    }

    /// `xᵖ` of what is not negative, with the gradient 0 at 0, where it would be infinite for p below 1.
    private static Tensor power(Tensor x, double p) {
        Tensor zero = x.detach().eq(0);
        return x.maskedFill(zero, 1).pow(p).maskedFill(zero, 0);
    }
}
