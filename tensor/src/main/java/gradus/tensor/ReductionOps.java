package gradus.tensor;

import gradus.tensor.kernel.Reduction;
import gradus.tensor.op.Reduce;

/// What makes one element of many: sums, means and extremes, over all elements or along one axis. Axes count from
/// 0, or from -1 backwards.
public sealed interface ReductionOps permits Tensor {
    /// The sum of all elements, a scalar.
    default Tensor sum() {
        return Reduce.sum(self().reshape(self().size()), 0, false);
    }

    /// The sum along an axis, which disappears.
    default Tensor sum(int axis) {
        return Reduce.sum(self(), axis, false);
    }

    /// The sum along an axis, which stays with size 1 if so wished.
    default Tensor sum(int axis, boolean keepDim) {
        return Reduce.sum(self(), axis, keepDim);
    }

    /// The mean of all elements, a scalar.
    default Tensor mean() {
        return sum().div(self().size());
    }

    default Tensor mean(int axis) {
        return sum(axis).div(self().dim(axis));
    }

    default Tensor mean(int axis, boolean keepDim) {
        return sum(axis, keepDim).div(self().dim(axis));
    }

    /// The largest along an axis; equal largest ones share the gradient.
    default Tensor max(int axis) {
        return Reduce.extreme(Reduction.MAX, self(), axis);
    }

    /// The smallest along an axis; equal smallest ones share the gradient.
    default Tensor min(int axis) {
        return Reduce.extreme(Reduction.MIN, self(), axis);
    }

    /// Where the largest along the last axis stands, the first of equals.
    ///
    /// **Shapes** (..., n) → (...)
    default Indices argmax() {
        return Reduce.argmax(self());
    }

    private Tensor self() {
        return (Tensor) this;
    }
}
