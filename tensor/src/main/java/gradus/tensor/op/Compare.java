package gradus.tensor.op;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Tensor;
import gradus.tensor.kernel.BinaryFunction;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.Strided;
import gradus.tensor.memory.Destination;
import gradus.tensor.type.Shape;

/// Comparisons of two tensors, element by element with NumPy's broadcasting: 1 where they hold, else 0. Such
/// a mask is constant around almost every point, so it has no gradient.
public final class Compare {
    private Compare() {}

    /// `[a = b]`
    public static Tensor eq(Tensor a, Tensor b) {
        return apply("eq", BinaryFunction.EQUAL, a, b);
    }

    /// `[a < b]`
    public static Tensor lt(Tensor a, Tensor b) {
        return apply("lt", BinaryFunction.LESS, a, b);
    }

    /// `[a ≤ b]`
    public static Tensor le(Tensor a, Tensor b) {
        return apply("le", BinaryFunction.LESS_OR_EQUAL, a, b);
    }

    /// `[a > b]`
    public static Tensor gt(Tensor a, Tensor b) {
        given(b, "gt", "a tensor");
        return apply("gt", BinaryFunction.LESS, b, a);
    }

    /// `[a ≥ b]`
    public static Tensor ge(Tensor a, Tensor b) {
        given(b, "ge", "a tensor");
        return apply("ge", BinaryFunction.LESS_OR_EQUAL, b, a);
    }

    private static Tensor apply(String operation, BinaryFunction f, Tensor a, Tensor b) {
        given(a, operation, "a tensor");
        a.requireSame(operation, b);
        Shape shape = Shape.broadcast(operation, a.shape(), b.shape());
        Tensor y = a.newEmpty(shape);
        Kernels.of(a.buffer())
                .pointwise()
                .binary(
                        f,
                        a.buffer(),
                        Strided.broadcast(a.shape(), shape),
                        b.buffer(),
                        Strided.broadcast(b.shape(), shape),
                        new Destination(y.buffer(), false));
        return y;
    }

    /// Whether `|a - b| ≤ atol + rtol·|b|` everywhere, as `torch.allclose`. Infinities are close to
    /// themselves alone, and NaN to nothing.
    public static boolean allClose(Tensor a, Tensor b, double rtol, double atol) {
        given(a, "allClose", "a tensor");
        a.requireSame("allClose", b);
        require(rtol >= 0 && atol >= 0, "allClose: tolerances must be at least 0; got %s and %s", rtol, atol);
        Shape shape = Shape.broadcast("allClose", a.shape(), b.shape());
        double[] left = a.detach().broadcastTo(shape.dims()).toArray();
        double[] right = b.detach().broadcastTo(shape.dims()).toArray();
        for (int i = 0; i < left.length; i++) {
            double gap = Math.abs(left[i] - right[i]);
            boolean close = Double.isFinite(gap) && gap <= atol + rtol * Math.abs(right[i]);
            if (!close && left[i] != right[i]) {
                return false;
            }
        }
        return true;
    }
}
