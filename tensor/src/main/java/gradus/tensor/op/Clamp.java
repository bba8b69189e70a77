package gradus.tensor.op;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Autograd;
import gradus.tensor.Saved;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.BinaryFunction;
import gradus.tensor.type.Shape;

/// `y = min(max(x, min), max)`, as `torch.clamp`: everything below the lower bound becomes the lower bound,
/// everything above the upper bound the upper bound. The gradient is 1 between the bounds and on them, and 0
/// outside; it is 0 where x is NaN, which stays NaN.
public final class Clamp {
    private Clamp() {}

    /// @param min the lower bound, or -∞; if it is above the upper bound, everything becomes the upper bound
    /// @param max the upper bound, or ∞
    public static Tensor apply(Tensor x, double min, double max) {
        given(x, "clamp", "a tensor");
        require(!Double.isNaN(min) && !Double.isNaN(max), "clamp: bounds must be numbers; got %s and %s", min, max);
        Tensor y;
        try (var pause = Autograd.noGrad()) {
            Tensor raised = Arithmetic.forward("clamp", BinaryFunction.MAXIMUM, x, bound(x, min));
            y = Arithmetic.forward("clamp", BinaryFunction.MINIMUM, raised, bound(x, max));
        }
        Saved saved = Saved.of(x);
        return Autograd.record(
                y,
                dy -> TensorBackward.add(x, () -> {
                    Tensor before = Tensor.over(saved.get(), x.shape());
                    Tensor inside = before.ge(min).mul(before.le(max));
                    return Tensor.over(dy, x.shape()).maskedFill(inside.eq(0), 0);
                }),
                x);
    }

    private static Tensor bound(Tensor x, double number) {
        return x.newFull(Shape.of(), number);
    }
}
