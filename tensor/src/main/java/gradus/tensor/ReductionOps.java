package gradus.tensor;

import gradus.tensor.kernel.Reduction;
import gradus.tensor.op.LogSumExp;
import gradus.tensor.op.Reduce;
import gradus.tensor.op.reduce.CumulativeSum;
import gradus.tensor.op.reduce.Moments;
import gradus.tensor.op.reduce.Norm;
import gradus.tensor.op.reduce.Product;
import gradus.tensor.op.reduce.SeveralAxes;

/// Operations that reduce many elements to one: sums, means, variances, products and norms, over all elements
/// or along axes. Negative axes count from the end. An axis that is reduced disappears; with `keepDim` it is
/// kept, with size 1, so that the result broadcasts with the original tensor: `x.sub(x.mean(-1, true))`.
public sealed interface ReductionOps permits Tensor {
    /// The sum of all elements, a scalar.
    default Tensor sum() {
        return Reduce.sum(flat(), 0, false);
    }

    /// The sum along an axis.
    default Tensor sum(int axis) {
        return Reduce.sum(self(), axis, false);
    }

    /// The sum along an axis.
    default Tensor sum(int axis, boolean keepDim) {
        return Reduce.sum(self(), axis, keepDim);
    }

    /// The sum along several axes.
    default Tensor sum(int... axes) {
        return sum(axes, false);
    }

    /// The sum along several axes.
    default Tensor sum(int[] axes, boolean keepDim) {
        return SeveralAxes.reduce("sum", self(), axes, keepDim, x -> x.sum(-1));
    }

    /// The mean of all elements, a scalar.
    default Tensor mean() {
        return sum().div(self().size());
    }

    /// The mean along an axis.
    default Tensor mean(int axis) {
        return sum(axis).div(self().dim(axis));
    }

    /// The mean along an axis.
    default Tensor mean(int axis, boolean keepDim) {
        return sum(axis, keepDim).div(self().dim(axis));
    }

    /// The mean along several axes.
    default Tensor mean(int... axes) {
        return mean(axes, false);
    }

    /// The mean along several axes.
    default Tensor mean(int[] axes, boolean keepDim) {
        return SeveralAxes.reduce("mean", self(), axes, keepDim, x -> x.mean(-1));
    }

    /// The largest of all elements, a scalar; NaN if any element is NaN. Several equal largest elements share
    /// the gradient.
    default Tensor max() {
        return Reduce.extreme(Reduction.MAX, flat(), 0);
    }

    /// The smallest of all elements, a scalar; NaN if any element is NaN. Several equal smallest elements
    /// share the gradient.
    default Tensor min() {
        return Reduce.extreme(Reduction.MIN, flat(), 0);
    }

    /// The largest elements along an axis; NaN where any element is NaN. Several equal largest elements share
    /// the gradient. [OrderOps#max(int)] returns the indices too.
    default Tensor amax(int axis) {
        return Reduce.extreme(Reduction.MAX, self(), axis);
    }

    /// The largest element along an axis. Several equal largest elements share the gradient.
    default Tensor amax(int axis, boolean keepDim) {
        return amax(new int[] {axis}, keepDim);
    }

    /// The largest elements along several axes. Several equal largest elements share the gradient.
    default Tensor amax(int[] axes, boolean keepDim) {
        return SeveralAxes.reduce("amax", self(), axes, keepDim, x -> x.amax(-1));
    }

    /// The smallest elements along an axis; NaN where any element is NaN. Several equal smallest elements
    /// share the gradient.
    default Tensor amin(int axis) {
        return Reduce.extreme(Reduction.MIN, self(), axis);
    }

    /// The smallest element along an axis. Several equal smallest elements share the gradient.
    default Tensor amin(int axis, boolean keepDim) {
        return amin(new int[] {axis}, keepDim);
    }

    /// The smallest elements along several axes. Several equal smallest elements share the gradient.
    default Tensor amin(int[] axes, boolean keepDim) {
        return SeveralAxes.reduce("amin", self(), axes, keepDim, x -> x.amin(-1));
    }

    /// The sample variance of all elements, a scalar: `Σ (x - mean)²/(n - 1)`, which estimates the variance
    /// of the population that the elements were drawn from.
    ///
    /// @throws gradus.error.ShapeException if there is only one element
    default Tensor var() {
        return Moments.variance(flat(), 1);
    }

    /// The sample variance along an axis.
    default Tensor var(int axis) {
        return var(new int[] {axis}, 1, false);
    }

    /// The variance along an axis, `Σ (x - mean)²/(n - correction)`.
    default Tensor var(int axis, double correction, boolean keepDim) {
        return var(new int[] {axis}, correction, keepDim);
    }

    /// The variance along axes, `Σ (x - mean)²/(n - correction)`: with correction 1 the sample variance, with
    /// correction 0 the variance of the elements themselves, as LayerNorm uses it.
    ///
    /// @throws gradus.error.ShapeException if the number of elements is not above the correction
    default Tensor var(int[] axes, double correction, boolean keepDim) {
        return SeveralAxes.reduce("var", self(), axes, keepDim, x -> Moments.variance(x, correction));
    }

    /// The standard deviation of all elements, a scalar: the root of [#var()].
    default Tensor std() {
        return Moments.deviation(flat(), 1);
    }

    /// The standard deviation along an axis: the root of [#var(int)].
    default Tensor std(int axis) {
        return std(new int[] {axis}, 1, false);
    }

    /// The standard deviation along an axis: the root of [#var(int, double, boolean)].
    default Tensor std(int axis, double correction, boolean keepDim) {
        return std(new int[] {axis}, correction, keepDim);
    }

    /// The standard deviation along axes. Its gradient is 0 where all elements are equal.
    default Tensor std(int[] axes, double correction, boolean keepDim) {
        return SeveralAxes.reduce("std", self(), axes, keepDim, x -> Moments.deviation(x, correction));
    }

    /// The product of all elements, a scalar.
    default Tensor prod() {
        return Product.apply(flat(), 0);
    }

    /// The product along an axis. Its gradient is correct even where elements are 0.
    default Tensor prod(int axis) {
        return Product.apply(self(), axis);
    }

    /// The product along an axis.
    default Tensor prod(int axis, boolean keepDim) {
        return keepDim ? prod(axis).unsqueeze(self().shape().axis(axis)) : prod(axis);
    }

    /// The length of all elements as one vector, `√Σ x²`. The gradient of the zero vector is 0.
    default Tensor norm() {
        return Norm.apply(flat(), 2);
    }

    /// The p-norm of all elements, `(Σ |x|ᵖ)^(1/p)`; for p infinite the largest `|x|`.
    default Tensor norm(double p) {
        return Norm.apply(flat(), p);
    }

    /// The p-norm along an axis.
    default Tensor norm(double p, int axis, boolean keepDim) {
        return norm(p, new int[] {axis}, keepDim);
    }

    /// The p-norm along axes.
    default Tensor norm(double p, int[] axes, boolean keepDim) {
        return SeveralAxes.reduce("norm", self(), axes, keepDim, x -> Norm.apply(x, p));
    }

    /// `ln Σ exp(x)` along an axis, computed so that no exponential overflows.
    default Tensor logSumExp(int axis) {
        return logSumExp(new int[] {axis}, false);
    }

    /// `ln Σ exp(x)` along an axis.
    default Tensor logSumExp(int axis, boolean keepDim) {
        return logSumExp(new int[] {axis}, keepDim);
    }

    /// `ln Σ exp(x)` along several axes.
    default Tensor logSumExp(int[] axes, boolean keepDim) {
        return SeveralAxes.reduce("logSumExp", self(), axes, keepDim, LogSumExp::apply);
    }

    /// Running sums along an axis: `y[i] = x[0] + … + x[i]`.
    ///
    /// **Shapes** as this
    default Tensor cumsum(int axis) {
        return CumulativeSum.apply(self(), axis);
    }

    private Tensor flat() {
        return self().reshape(self().size());
    }

    private Tensor self() {
        return (Tensor) this;
    }
}
