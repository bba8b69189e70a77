package gradus.tensor.op;

import static gradus.error.ShapeException.given;

import gradus.tensor.Autograd;
import gradus.tensor.Saved;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.SoftmaxKernels;

/// `yᵢ = exp(xᵢ)/Σⱼ exp(xⱼ)` along the last axis.
///
/// `∂yᵢ/∂xⱼ = yᵢ([i = j] - yⱼ)`, hence `dxⱼ = yⱼ(dyⱼ - Σᵢ yᵢ·dyᵢ)`.
public final class Softmax {
    private Softmax() {}

    public static Tensor apply(Tensor x) {
        given(x, "softmax", "a tensor");
        int columns = x.shape().last();
        int rows = x.size() / columns;
        SoftmaxKernels kernels = Kernels.of(x.buffer()).softmax();
        if (kernels == null) {
            return plain(x);
        }
        Tensor y = x.newEmpty(x.shape());
        kernels.softmax(x.buffer(), rows, columns, y.buffer());
        Saved saved = Saved.of(y);
        return Autograd.record(
                y, dy -> kernels.softmaxBackward(saved.get(), dy, rows, columns, x.gradientDestination()), x);
    }

    /// The same in plain tensor operations, which is its definition. The largest of a row is taken off first,
    /// which changes nothing and keeps exp within its range; the sum is at least 1 then, but for a row of -∞
    /// only, which becomes zeros.
    public static Tensor plain(Tensor x) {
        given(x, "softmax", "a tensor");
        Tensor powers = x.sub(largest(x)).exp();
        return powers.div(powers.sum(-1, true).clamp(1, Double.POSITIVE_INFINITY));
    }

    /// The largest number of each row, a constant; a finite one where all are -∞.
    ///
    /// **Shapes** x (..., n) → (..., 1)
    static Tensor largest(Tensor x) {
        return x.detach().amax(new int[] {-1}, true).clamp(-Float.MAX_VALUE, Double.POSITIVE_INFINITY);
    }
}
