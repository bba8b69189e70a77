package gradus.tensor;

import gradus.tensor.op.Gather;
import gradus.tensor.op.IndexSelect;

/// What picks elements by number. The numbers are [Indices], which have no gradient; the gradient of what was picked
/// goes back to where it was picked, adding up where a place was picked twice.
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

    private Tensor self() {
        return (Tensor) this;
    }
}
