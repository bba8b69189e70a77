package gradus.tensor.op;

import gradus.tensor.Autograd;
import gradus.tensor.Saved;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.BinaryFunction;
import gradus.tensor.type.Shape;

/// The larger or the smaller of two elements, NaN if either is NaN. The gradient goes to the one that was
/// taken; two equal ones get half of it each, as in PyTorch.
public final class Extremum {
    private Extremum() {}

    /// `y = max(a, b)`
    public static Tensor maximum(Tensor a, Tensor b) {
        Tensor y = Arithmetic.forward("maximum", BinaryFunction.MAXIMUM, a, b);
        return record(y, a, b, true);
    }

    /// `y = min(a, b)`
    public static Tensor minimum(Tensor a, Tensor b) {
        Tensor y = Arithmetic.forward("minimum", BinaryFunction.MINIMUM, a, b);
        return record(y, a, b, false);
    }

    /// @param largest whether the larger one was taken, so that the smaller one gets no gradient
    private static Tensor record(Tensor y, Tensor a, Tensor b, boolean largest) {
        Saved savedA = Saved.of(a);
        Saved savedB = Saved.of(b);
        Shape shapeA = a.shape();
        Shape shapeB = b.shape();
        return Autograd.record(
                y,
                dy -> {
                    TensorBackward.add(a, () -> {
                        Tensor x = Tensor.over(savedA.get(), shapeA);
                        Tensor other = Tensor.over(savedB.get(), shapeB);
                        return share(Tensor.over(dy, y.shape()), x, other, largest);
                    });
                    TensorBackward.add(b, () -> {
                        Tensor x = Tensor.over(savedB.get(), shapeB);
                        Tensor other = Tensor.over(savedA.get(), shapeA);
                        return share(Tensor.over(dy, y.shape()), x, other, largest);
                    });
                },
                a,
                b);
    }

    private static Tensor share(Tensor dy, Tensor x, Tensor other, boolean largest) {
        Tensor shared = Where.apply(x.eq(other), dy.mul(0.5), dy);
        return shared.maskedFill(largest ? x.lt(other) : x.gt(other), 0);
    }
}
