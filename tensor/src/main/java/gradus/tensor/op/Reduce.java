package gradus.tensor.op;

import static gradus.error.ShapeException.given;

import gradus.tensor.Autograd;
import gradus.tensor.Saved;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.Reduction;
import gradus.tensor.kernel.Strided;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;

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
                    double[] values = savedX.get().toDoubles();
                    double[] extremes = savedY.get().toDoubles();
                    double[] upstream = dy.toDoubles();
                    double[] gradient = new double[values.length];
                    for (int i = 0; i < extremes.length; i++) {
                        int first = i / inner * n * inner + i % inner;
                        int equal = 0;
                        for (int j = 0; j < n; j++) {
                            equal += values[first + j * inner] == extremes[i] ? 1 : 0;
                        }
                        for (int j = 0; j < n; j++) {
                            if (values[first + j * inner] == extremes[i]) {
                                gradient[first + j * inner] = upstream[i] / equal;
                            }
                        }
                    }
                    Tensor dx = x.newEmpty(x.shape());
                    dx.buffer().set(gradient);
                    x.addGradient(dx.buffer());
                    dx.close();
                },
                x);
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
