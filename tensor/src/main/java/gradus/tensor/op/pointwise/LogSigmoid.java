package gradus.tensor.op.pointwise;

import static gradus.error.ShapeException.given;

import gradus.tensor.Tensor;
import gradus.tensor.type.Shape;

/// `ln σ(x) = min(x, 0) - ln(1 + e^-|x|)`, the logarithm of the probability that a logit x stands for, with
/// `σ(x) = 1/(1 + e⁻ˣ)`.
///
/// The logarithm of a sigmoid would be -∞ for x below -104 in float32 (-745 in float64), where σ rounds to 0,
/// and lose all digits above 17, where σ rounds to 1. Here the only exponential is of a number that is not
/// positive, so nothing overflows and nothing cancels. The gradient is `σ(-x)`: at 0 the minimum gives ½,
/// shared between its two equal arguments, and the absolute value nothing.
public final class LogSigmoid {
    private LogSigmoid() {}

    /// **Shapes** as x
    public static Tensor apply(Tensor x) {
        given(x, "logSigmoid", "a tensor");
        Tensor zero = x.newFull(Shape.of(), 0); // ()
        return x.minimum(zero).sub(x.abs().neg().exp().log1p());
    }
}
