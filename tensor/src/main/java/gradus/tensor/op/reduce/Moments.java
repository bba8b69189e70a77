package gradus.tensor.op.reduce;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Tensor;

/// `var = Σ (x - mean)²/(n - c)` and its root, the standard deviation, along the last axis. The correction c
/// is 1 for the variance of a population that was estimated from a sample of n (unbiased, PyTorch's default),
/// and 0 for that of the n numbers themselves. Both are compositions of other operations.
public final class Moments {
    private Moments() {}

    /// **Shapes** x (..., n) → (...)
    public static Tensor variance(Tensor x, double correction) {
        given(x, "var", "a tensor");
        int n = x.dim(-1);
        require(
                n - correction > 0,
                "var: the number of elements must be greater than the correction; got %d and %s",
                n,
                correction);
        Tensor centred = x.sub(x.mean(-1, true)); // (..., n)
        return centred.square().sum(-1).div(n - correction); // (...)
    }

    /// The root of the variance; its gradient is 0 where all elements are equal.
    ///
    /// **Shapes** x (..., n) → (...)
    public static Tensor deviation(Tensor x, double correction) {
        return root(variance(x, correction));
    }

    /// `√x` with the gradient 0 at 0, where the slope of the root is infinite.
    static Tensor root(Tensor x) {
        Tensor zero = x.detach().eq(0);
        return x.maskedFill(zero, 1).sqrt().maskedFill(zero, 0);
    }
}
