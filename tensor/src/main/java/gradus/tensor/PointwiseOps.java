package gradus.tensor;

import gradus.tensor.kernel.UnaryFunction;
import gradus.tensor.op.Arithmetic;
import gradus.tensor.op.Clamp;
import gradus.tensor.op.Extremum;
import gradus.tensor.op.Pointwise;
import gradus.tensor.op.Power;
import gradus.tensor.op.pointwise.LogSigmoid;

/// Operations on each element by itself: arithmetic with another tensor or a number, and functions of one
/// element.
///
/// Two tensors need not have equal shapes: they broadcast as in NumPy. Shapes are aligned at the last axis,
/// and an axis of size 1, or one that is missing, is stretched to the other tensor's size: (2, 3) + (3,) adds
/// the vector to both rows.
public sealed interface PointwiseOps permits Tensor {
    /// `x + y`
    default Tensor add(Tensor other) {
        return Arithmetic.add(self(), other);
    }

    /// `x - y`
    default Tensor sub(Tensor other) {
        return Arithmetic.subtract(self(), other);
    }

    /// `x·y`, element by element; the matrix product is [ProductOps#matmul(Tensor)].
    default Tensor mul(Tensor other) {
        return Arithmetic.multiply(self(), other);
    }

    /// `x/y`
    default Tensor div(Tensor other) {
        return Arithmetic.divide(self(), other);
    }

    /// `x + number`
    default Tensor add(double number) {
        return Pointwise.affine(self(), 1, number);
    }

    /// `x - number`
    default Tensor sub(double number) {
        return Pointwise.affine(self(), 1, -number);
    }

    /// `x·number`
    default Tensor mul(double number) {
        return Pointwise.affine(self(), number, 0);
    }

    /// `x/number`
    default Tensor div(double number) {
        return Pointwise.affine(self(), 1 / number, 0);
    }

    /// Each element raised to a power, `xᵖ`; see [Power] for special cases such as 0⁰.
    default Tensor pow(double exponent) {
        return Power.apply(self(), exponent);
    }

    /// Each element raised to the power of the other tensor's element.
    default Tensor pow(Tensor exponent) {
        return Power.apply(self(), exponent);
    }

    /// The larger of each two elements; NaN if either is NaN. Two equal elements share the gradient.
    default Tensor maximum(Tensor other) {
        return Extremum.maximum(self(), other);
    }

    /// The smaller of each two elements; NaN if either is NaN. Two equal elements share the gradient.
    default Tensor minimum(Tensor other) {
        return Extremum.minimum(self(), other);
    }

    /// Limits each element to the range from min to max. The gradient is 1 within the range, bounds included,
    /// and 0 outside. For only one bound, give an infinity for the other.
    default Tensor clamp(double min, double max) {
        return Clamp.apply(self(), min, max);
    }

    /// `-x`
    default Tensor neg() {
        return mul(-1);
    }

    /// `eˣ`
    default Tensor exp() {
        return Pointwise.apply(UnaryFunction.EXP, self());
    }

    /// The natural logarithm: -∞ at 0, NaN below.
    default Tensor log() {
        return Pointwise.apply(UnaryFunction.LOG, self());
    }

    /// `√x`, NaN below 0.
    default Tensor sqrt() {
        return Pointwise.apply(UnaryFunction.SQRT, self());
    }

    /// `x²`
    default Tensor square() {
        return Pointwise.apply(UnaryFunction.SQUARE, self());
    }

    /// `1/x`
    default Tensor reciprocal() {
        return Pointwise.apply(UnaryFunction.RECIPROCAL, self());
    }

    /// `1/√x`
    default Tensor rsqrt() {
        return Pointwise.apply(UnaryFunction.RSQRT, self());
    }

    /// 1 where the element is positive, -1 where it is negative, 0 where it is 0 or NaN. The gradient is 0.
    default Tensor sign() {
        return Pointwise.apply(UnaryFunction.SIGN, self());
    }

    /// `eˣ - 1`, accurate also near 0, where `x.exp().sub(1)` loses digits by cancellation.
    default Tensor expm1() {
        return Pointwise.apply(UnaryFunction.EXPM1, self());
    }

    /// `ln(1 + x)`, accurate also near 0, where `x.add(1).log()` loses the digits of x in the sum.
    default Tensor log1p() {
        return Pointwise.apply(UnaryFunction.LOG1P, self());
    }

    /// The sine of each element, in radians.
    default Tensor sin() {
        return Pointwise.apply(UnaryFunction.SIN, self());
    }

    /// The cosine of each element, in radians.
    default Tensor cos() {
        return Pointwise.apply(UnaryFunction.COS, self());
    }

    /// `|x|`, whose gradient at 0 is 0.
    default Tensor abs() {
        return Pointwise.apply(UnaryFunction.ABS, self());
    }

    /// The hyperbolic tangent.
    default Tensor tanh() {
        return Pointwise.apply(UnaryFunction.TANH, self());
    }

    /// `1/(1 + e⁻ˣ)`
    default Tensor sigmoid() {
        return Pointwise.apply(UnaryFunction.SIGMOID, self());
    }

    /// `ln(1/(1 + e⁻ˣ))`, accurate also where the sigmoid rounds to 0 or to 1; see [LogSigmoid].
    default Tensor logSigmoid() {
        return LogSigmoid.apply(self());
    }

    /// `ln(1 + eˣ)`, a smooth `max(x, 0)`; it is `-ln σ(-x)`, and as accurate as [#logSigmoid()].
    default Tensor softplus() {
        return neg().logSigmoid().neg();
    }

    /// `max(x, 0)`, whose gradient at 0 is 0.
    default Tensor relu() {
        return Pointwise.apply(UnaryFunction.RELU, self());
    }

    /// GELU in its exact form, `x·Φ(x)` with Φ the normal distribution.
    default Tensor gelu() {
        return Pointwise.apply(UnaryFunction.GELU, self());
    }

    /// GELU in the approximation by tanh that GPT-2 uses.
    default Tensor geluTanh() {
        return Pointwise.apply(UnaryFunction.GELU_TANH, self());
    }

    /// `x·sigmoid(x)`, also called swish.
    default Tensor silu() {
        return Pointwise.apply(UnaryFunction.SILU, self());
    }

    private Tensor self() {
        return (Tensor) this;
    }
}
