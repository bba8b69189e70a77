package gradus.tensor.op;

import static gradus.error.ShapeException.given;

import gradus.tensor.Autograd;
import gradus.tensor.Saved;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.SoftmaxKernels;

/// `yᵢ = xᵢ - ln Σⱼ exp(xⱼ)` along the last axis, exact where a softmax would underflow to zero.
///
/// `∂yᵢ/∂xⱼ = [i = j] - exp(yⱼ)`, hence `dxⱼ = dyⱼ - exp(yⱼ)·Σᵢ dyᵢ`.
public final class LogSoftmax {
    private LogSoftmax() {}

    public static Tensor apply(Tensor x) {
        given(x, "logSoftmax", "a tensor");
        int columns = x.shape().last();
        int rows = x.size() / columns;
        SoftmaxKernels kernels = Kernels.of(x.buffer()).softmax();
        if (kernels == null) {
            return plain(x);
        }
        Tensor y = x.newEmpty(x.shape());
        kernels.logSoftmax(x.buffer(), rows, columns, y.buffer());
        Saved saved = Saved.of(y);
        return Autograd.record(
                y, dy -> kernels.logSoftmaxBackward(saved.get(), dy, rows, columns, x.gradientDestination()), x);
    }

    /// The same in plain tensor operations, which is its definition, for rows that have a finite number. The
    /// largest of a row is taken off first, which changes nothing and keeps exp within its range.
    public static Tensor plain(Tensor x) {
        given(x, "logSoftmax", "a tensor");
        Tensor below = x.sub(Softmax.largest(x));
        return below.sub(below.exp().sum(-1, true).log());
    }
}
