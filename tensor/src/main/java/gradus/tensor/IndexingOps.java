package gradus.tensor;

import static gradus.error.ShapeException.require;

import gradus.error.ShapeException;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.Strided;
import gradus.tensor.memory.Destination;
import gradus.tensor.op.IndexSelect;
import gradus.tensor.op.index.Gather;
import gradus.tensor.op.index.Scatter;
import gradus.tensor.op.index.TakeAlongDim;

/// What picks elements by number, or adds to picked ones. The numbers are [Indices], which have no gradient;
/// the gradient of what was picked goes back to where it was picked, adding up where a place was picked
/// twice.
public sealed interface IndexingOps permits Tensor {
    /// Rows, or whatever lies along an axis, picked by number: `y[…, j, …] = x[…, indices[j], …]`.
    ///
    /// **Shapes** indices (n) → axis becomes n
    default Tensor indexSelect(int axis, Indices indices) {
        return IndexSelect.apply(self(), axis, indices);
    }

    /// Elements picked one by one along an axis: of a matrix along axis 1, `y[i, j] = x[i, index[i, j]]`.
    ///
    /// **Shapes** index of this tensor's rank → index's shape
    default Tensor gather(int axis, Indices index) {
        return Gather.apply(self(), axis, index);
    }

    /// Rows of this table by number.
    ///
    /// **Shapes** this (V, C), ids (...) → (..., C)
    default Tensor embedding(Indices ids) {
        return IndexSelect.embedding(self(), ids);
    }

    /// Elements picked one by one along an axis, as [#gather], but an axis of size 1 stretches, in this
    /// tensor and in the indices.
    ///
    /// **Shapes** this and indices broadcast but for axis → that shape, with the indices' size along axis
    default Tensor takeAlongDim(Indices indices, int axis) {
        return TakeAlongDim.apply(self(), indices, axis);
    }

    /// Adds rows, or whatever lies along an axis, to those named: source j to place `indices[j]`.
    ///
    /// **Shapes** indices (m), source as this but of size m along axis → as this
    default Tensor indexAdd(int axis, Indices indices, Tensor source) {
        return Scatter.indexAdd(self(), axis, indices, source);
    }

    /// Adds elements one by one, the transpose of [#gather]: of a matrix along axis 1, `source[i, j]` is added to
    /// `y[i, index[i, j]]`. This tensor stays as it is.
    ///
    /// **Shapes** index and source alike → as this
    default Tensor scatterAdd(int axis, Indices index, Tensor source) {
        return Scatter.scatterAdd(self(), axis, index, source);
    }

    /// Replaces a slice in place: in Python `x[:, start:start+n] = values` for the axis 1. No gradient flows
    /// into it.
    ///
    /// @throws ShapeException if types differ, or shapes along any other axis, or the slice leaves this tensor
    default Tensor setSlice(int axis, int start, Tensor values) {
        Tensor x = self();
        Shape shape = x.shape();
        x.requireSame("setSlice", values);
        require(values.rank() == x.rank(), "setSlice: values must be of rank %d; got %s", x.rank(), values.shape());
        int at = shape.axis(axis);
        int count = values.dim(at);
        require(
                values.shape().with(at, x.dim(at)).equals(shape) && start >= 0 && start <= x.dim(at) - count,
                "setSlice: %s cannot be put at %d along axis %d of %s",
                values.shape(),
                start,
                at,
                shape);
        int[] strides = shape.strides();
        Strided slice = new Strided(values.shape().dims(), start * strides[at], strides);
        Strided whole = Strided.contiguous(values.shape());
        Kernels.of(x.buffer()).movements().copy(values.buffer(), whole, 1, slice, new Destination(x.buffer(), false));
        return x;
    }

    private Tensor self() {
        return (Tensor) this;
    }
}
