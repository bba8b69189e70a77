package gradus.tensor.op;

import static gradus.error.ShapeException.given;
import static gradus.tensor.kernel.BinaryFunction.DIVIDE;
import static gradus.tensor.kernel.BinaryFunction.EQUAL;
import static gradus.tensor.kernel.BinaryFunction.MULTIPLY;

import gradus.tensor.Autograd;
import gradus.tensor.Saved;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.Reduction;
import gradus.tensor.kernel.Strided;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import gradus.tensor.type.Shape;

/// Sums and extremes along one axis.
public final class Reduce {
    private Reduce() {}

    /// `y = Σ x`; `dx = dy`, repeated along the axis.
    public static Tensor sum(Tensor x, int axis, boolean keepDim) {
        given(x, "sum", "a tensor");
        Tensor y = forward(Reduction.SUM, x, axis, keepDim);
        Shape kept = x.shape().with(axis, 1);
        return Autograd.record(
                y,
                dy -> {
                    Destination dx = x.gradientDestination();
                    Kernels.of(dy)
                            .movements()
                            .copy(dy, Strided.broadcast(kept, x.shape()), 1, Strided.contiguous(x.shape()), dx);
                },
                x);
    }

    /// `y = max x` or `min x`; the gradient goes to the places that hold the extreme, in equal parts:
    /// `dx = dy·[x = y]/n` with n the number of such places. (PyTorch's `amax` and `amin` do the same.)
    public static Tensor extreme(Reduction reduction, Tensor x, int axis) {
        given(reduction, "extreme", "max or min");
        given(x, "extreme", "a tensor");
        Tensor y = forward(reduction, x, axis, false);
        int at = x.shape().axis(axis);
        int n = x.dim(at);
        int inner = x.shape().product(at + 1, x.rank());
        Saved savedX = Saved.of(x);
        Saved savedY = Saved.of(y);
        return Autograd.record(
                y,
                dy -> {
                    Destination dx = x.gradientDestination();
                    if (dx == null) {
                        return;
                    }
                    Kernels kernels = Kernels.of(dy);
                    Strided whole = Strided.contiguous(x.shape());
                    Strided spread = Strided.broadcast(x.shape().with(at, 1), x.shape());
                    Strided reduced = Strided.contiguous(y.shape());
                    Buffer holds = dy.like(x.size()); // 1 where x is the extreme
                    kernels.pointwise().binary(EQUAL, savedX.get(), whole, savedY.get(), spread, over(holds));
                    Buffer count = dy.like(y.size());
                    kernels.reductions().reduce(Reduction.SUM, holds, x.size() / n / inner, n, inner, count);
                    kernels.pointwise().binary(DIVIDE, dy, reduced, count, reduced, over(count)); // each one's part
                    kernels.pointwise().binary(MULTIPLY, holds, whole, count, spread, dx);
                    count.release("the backward of an extreme has ended");
                    holds.release("the backward of an extreme has ended");
                },
                x);
    }

    private static Destination over(Buffer buffer) {
        return new Destination(buffer, false);
    }

    private static Tensor forward(Reduction reduction, Tensor x, int axis, boolean keepDim) {
        int at = x.shape().axis(axis);
        Shape shape = keepDim ? x.shape().with(at, 1) : x.shape().without(at);
        Tensor y = x.newEmpty(shape);
        Buffer out = y.buffer();
        int outer = x.shape().product(0, at);
        int inner = x.shape().product(at + 1, x.rank());
        Kernels.of(x.buffer()).reductions().reduce(reduction, x.buffer(), outer, x.dim(at), inner, out);
        return y;
    }
}
