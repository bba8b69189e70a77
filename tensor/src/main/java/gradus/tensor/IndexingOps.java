package gradus.tensor;

import gradus.tensor.op.IndexSelect;
import gradus.tensor.op.index.Gather;
import gradus.tensor.op.index.Scatter;
import gradus.tensor.op.index.TakeAlongDim;
import gradus.tensor.type.Indices;

/// Operations that pick elements by their indices, or add to the elements at some indices. [Indices] have no
/// gradient. The gradient of a picked element goes back to the element it was picked from; if an element was
/// picked several times, its gradients are added.
public sealed interface IndexingOps permits Tensor {
    /// Picks rows (or columns, or slices along any axis) by their indices: `y[…, j, …] = x[…, indices[j],
    /// …]`.
    ///
    /// **Shapes** indices (n) → as this, but with size n along the axis
    default Tensor indexSelect(int axis, Indices indices) {
        return IndexSelect.apply(self(), axis, indices);
    }

    /// Picks single elements along an axis. For a matrix and axis 1: `y[i, j] = x[i, index[i, j]]`.
    ///
    /// **Shapes** index of this tensor's rank → index's shape
    default Tensor gather(int axis, Indices index) {
        return Gather.apply(self(), axis, index);
    }

    /// Looks up rows of this table by their numbers.
    ///
    /// **Shapes** this (V, C), ids (...) → (..., C)
    default Tensor embedding(Indices ids) {
        return IndexSelect.embedding(self(), ids);
    }

    /// Picks single elements along an axis, as [#gather] does, but this tensor and the indices broadcast
    /// along all other axes.
    ///
    /// **Shapes** this and indices broadcast, except along the axis → the broadcast shape, with the indices'
    ///   size along the axis
    default Tensor takeAlongDim(Indices indices, int axis) {
        return TakeAlongDim.apply(self(), indices, axis);
    }

    /// A copy of this tensor to which rows (or slices along any axis) are added: row j of the source is added
    /// to row `indices[j]`.
    ///
    /// **Shapes** indices (m), source as this but of size m along axis → as this
    default Tensor indexAdd(int axis, Indices indices, Tensor source) {
        return Scatter.indexAdd(self(), axis, indices, source);
    }

    /// A copy of this tensor to which single elements are added, the reverse of [#gather]: for a matrix and
    /// axis 1, `source[i, j]` is added to `y[i, index[i, j]]`.
    ///
    /// **Shapes** index and source alike → as this
    default Tensor scatterAdd(int axis, Indices index, Tensor source) {
        return Scatter.scatterAdd(self(), axis, index, source);
    }

    private Tensor self() {
        return (Tensor) this;
    }
}
