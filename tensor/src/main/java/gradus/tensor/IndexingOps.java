package gradus.tensor;

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

    private Tensor self() {
        return (Tensor) this;
    }
}
