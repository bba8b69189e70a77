package gradus.tensor.op;

import static gradus.error.ShapeException.given;

import gradus.tensor.Autograd;
import gradus.tensor.Saved;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.BinaryFunction;
import gradus.tensor.type.Shape;

/// `y = xᵖ`, element by element with NumPy's broadcasting: `dx = dy·p·xᵖ⁻¹`, `dp = dy·y·ln x`.
///
/// At the edges as in PyTorch: `x⁰ = 1` for every x, and its derivative with respect to x is 0, also at x = 0
/// where `0·x⁻¹` would be NaN; `0ᵖ` has the derivative 0 with respect to p if `p ≥ 0`, the limit of `0ᵖ·ln
/// 0`.
public final class Power {
    private Power() {}

    /// One exponent for all.
    public static Tensor apply(Tensor x, double exponent) {
        given(x, "pow", "a tensor");
        return apply(x, x.newFull(Shape.of(), exponent));
    }

    /// An exponent for each element.
    public static Tensor apply(Tensor x, Tensor exponent) {
        Tensor y = Arithmetic.forward("pow", BinaryFunction.POWER, x, exponent);
        Saved savedX = Saved.of(x);
        Saved savedP = Saved.of(exponent);
        Saved savedY = Saved.of(y);
        Shape shapeX = x.shape();
        Shape shapeP = exponent.shape();
        return Autograd.record(
                y,
                dy -> {
                    TensorBackward.add(x, () -> {
                        Tensor base = Tensor.over(savedX.get(), shapeX);
                        Tensor p = Tensor.over(savedP.get(), shapeP);
                        Tensor slope = p.mul(base.pow(p.sub(1))); // p·xᵖ⁻¹
                        return Tensor.over(dy, y.shape()).mul(slope).maskedFill(p.eq(0), 0);
                    });
                    TensorBackward.add(exponent, () -> {
                        Tensor base = Tensor.over(savedX.get(), shapeX);
                        Tensor p = Tensor.over(savedP.get(), shapeP);
                        Tensor slope = Tensor.over(savedY.get(), y.shape()).mul(base.log()); // y·ln x
                        return Tensor.over(dy, y.shape())
                                .mul(slope)
                                .maskedFill(base.eq(0).mul(p.ge(0)), 0);
                    });
                },
                x,
                exponent);
    }
}
