package gradus.tensor;

import gradus.tensor.op.Compare;
import gradus.tensor.op.Where;
import gradus.tensor.type.Shape;

/// Comparisons, and operations that use their results. A comparison returns a mask: a tensor of the same type
/// with 1 where the comparison is true and 0 where it is false, so `x.gt(0).sum()` counts the positive
/// elements. Two masks are combined by `mul` (and) or [PointwiseOps#maximum] (or), and `mask.eq(0)` negates a
/// mask. Every comparison with NaN is false, except [#ne(Tensor)], which is true. Masks have no gradient.
/// Shapes broadcast.
public sealed interface ComparisonOps permits Tensor {
    /// 1 where the element equals the other tensor's element, else 0.
    default Tensor eq(Tensor other) {
        return Compare.eq(self(), other);
    }

    /// 1 where the element equals the number, else 0.
    default Tensor eq(double number) {
        return eq(self().newFull(Shape.of(), number));
    }

    /// 1 where the element differs from the other tensor's element, else 0.
    default Tensor ne(Tensor other) {
        return Compare.eq(self(), other).neg().add(1);
    }

    /// 1 where the element differs from the number, else 0.
    default Tensor ne(double number) {
        return ne(self().newFull(Shape.of(), number));
    }

    /// 1 where the element is less than the other tensor's element, else 0.
    default Tensor lt(Tensor other) {
        return Compare.lt(self(), other);
    }

    /// 1 where the element is less than the number, else 0.
    default Tensor lt(double number) {
        return lt(self().newFull(Shape.of(), number));
    }

    /// 1 where the element is at most the other tensor's element, else 0.
    default Tensor le(Tensor other) {
        return Compare.le(self(), other);
    }

    /// 1 where the element is at most the number, else 0.
    default Tensor le(double number) {
        return le(self().newFull(Shape.of(), number));
    }

    /// 1 where the element is greater than the other tensor's element, else 0.
    default Tensor gt(Tensor other) {
        return Compare.gt(self(), other);
    }

    /// 1 where the element is greater than the number, else 0.
    default Tensor gt(double number) {
        return gt(self().newFull(Shape.of(), number));
    }

    /// 1 where the element is at least the other tensor's element, else 0.
    default Tensor ge(Tensor other) {
        return Compare.ge(self(), other);
    }

    /// 1 where the element is at least the number, else 0.
    default Tensor ge(double number) {
        return ge(self().newFull(Shape.of(), number));
    }

    /// This tensor's elements where the mask is not 0, the other tensor's elements elsewhere; PyTorch's
    /// `x.where(mask, y)`.
    ///
    /// **Shapes** all three broadcast
    default Tensor where(Tensor mask, Tensor other) {
        return Where.apply(mask, self(), other);
    }

    /// A copy of this tensor with one value wherever the mask is not 0. For example, before a softmax that
    /// must not see the future: `scores.maskedFill(future, Double.NEGATIVE_INFINITY)`. The gradient there is
    /// 0.
    default Tensor maskedFill(Tensor mask, double value) {
        return Where.apply(mask, self().newFull(Shape.of(), value), self());
    }

    /// Whether all elements are close to the other tensor's: `|x - y| ≤ 1e-8 + 1e-5·|y|`.
    default boolean allClose(Tensor other) {
        return allClose(other, 1e-5, 1e-8);
    }

    /// Whether `|x - y| ≤ atol + rtol·|y|` for all elements. An infinity is close only to itself, and NaN is
    /// close to nothing.
    default boolean allClose(Tensor other, double rtol, double atol) {
        return Compare.allClose(self(), other, rtol, atol);
    }

    private Tensor self() {
        return (Tensor) this;
    }
}
