package gradus.tensor;

import gradus.tensor.kernel.UnaryFunction;
import gradus.tensor.op.Arithmetic;
import gradus.tensor.op.Pointwise;

/// What a tensor can do element by element: arithmetic with another tensor or a number, and functions of one
/// element.
///
/// Two tensors need not have equal shapes: they broadcast as in NumPy. Shapes are aligned at the last axis, and an
/// axis of size 1 is stretched to the other tensor's size: (2, 3) + (3,) adds the row to both rows.
public sealed interface PointwiseOps permits Tensor {
    default Tensor add(Tensor other) {
        return Arithmetic.add(self(), other);
    }

    default Tensor sub(Tensor other) {
        return Arithmetic.subtract(self(), other);
    }

    default Tensor mul(Tensor other) {
        return Arithmetic.multiply(self(), other);
    }

    default Tensor div(Tensor other) {
        return Arithmetic.divide(self(), other);
    }

    default Tensor add(double number) {
        return Pointwise.affine(self(), 1, number);
    }

    default Tensor sub(double number) {
        return Pointwise.affine(self(), 1, -number);
    }

    default Tensor mul(double number) {
        return Pointwise.affine(self(), number, 0);
    }

    default Tensor div(double number) {
        return Pointwise.affine(self(), 1 / number, 0);
    }

    default Tensor neg() {
        return mul(-1);
    }

    default Tensor exp() {
        return Pointwise.apply(UnaryFunction.EXP, self());
    }

    default Tensor log() {
        return Pointwise.apply(UnaryFunction.LOG, self());
    }

    default Tensor sqrt() {
        return Pointwise.apply(UnaryFunction.SQRT, self());
    }

    default Tensor square() {
        return Pointwise.apply(UnaryFunction.SQUARE, self());
    }

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

    /// `eˣ - 1`, exact also near 0, where `x.exp().sub(1)` cancels.
    default Tensor expm1() {
        return Pointwise.apply(UnaryFunction.EXPM1, self());
    }

    /// `ln(1 + x)`, exact also near 0, where `x.add(1).log()` has lost the digits of x.
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

    default Tensor abs() {
        return Pointwise.apply(UnaryFunction.ABS, self());
    }

    default Tensor tanh() {
        return Pointwise.apply(UnaryFunction.TANH, self());
    }

    default Tensor sigmoid() {
        return Pointwise.apply(UnaryFunction.SIGMOID, self());
    }

    default Tensor relu() {
        return Pointwise.apply(UnaryFunction.RELU, self());
    }

    /// The exact form, x·Φ(x).
    default Tensor gelu() {
        return Pointwise.apply(UnaryFunction.GELU, self());
    }

    /// The tanh form of GPT-2.
    default Tensor geluTanh() {
        return Pointwise.apply(UnaryFunction.GELU_TANH, self());
    }

    default Tensor silu() {
        return Pointwise.apply(UnaryFunction.SILU, self());
    }

    private Tensor self() {
        return (Tensor) this;
    }
}
