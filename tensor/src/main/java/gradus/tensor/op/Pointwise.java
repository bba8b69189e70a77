package gradus.tensor.op;

import static gradus.error.ShapeException.given;

import gradus.tensor.Autograd;
import gradus.tensor.Saved;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.UnaryFunction;
import gradus.tensor.memory.Destination;

/// A function of each element by itself: `y = f(x)`, `dx = dy·f′(x)`. [UnaryFunction] lists the functions and
/// their derivatives.
public final class Pointwise {
    private Pointwise() {}

    public static Tensor apply(UnaryFunction f, Tensor x) {
        given(f, "pointwise", "a function");
        given(x, "pointwise", "a tensor");
        Kernels kernels = Kernels.of(x.buffer());
        Tensor y = x.newEmpty(x.shape());
        kernels.pointwise().unary(f, x.buffer(), y.buffer());
        Saved savedX = Saved.of(x);
        Saved savedY = Saved.of(y);
        return Autograd.record(
                y,
                dy -> kernels.pointwise().unaryBackward(f, savedX.get(), savedY.get(), dy, x.gradientDestination()),
                x);
    }

    /// `y = scale·x + shift`; `dx = scale·dy`
    public static Tensor affine(Tensor x, double scale, double shift) {
        given(x, "affine", "a tensor");
        Kernels kernels = Kernels.of(x.buffer());
        Tensor y = x.newEmpty(x.shape());
        kernels.pointwise().affine(x.buffer(), scale, shift, new Destination(y.buffer(), false));
        return Autograd.record(y, dy -> kernels.pointwise().affine(dy, scale, 0, x.gradientDestination()), x);
    }
}
