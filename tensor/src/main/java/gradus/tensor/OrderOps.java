package gradus.tensor;

import gradus.tensor.op.order.ArgExtreme;
import gradus.tensor.op.order.Multinomial;
import gradus.tensor.op.order.Sort;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;

/// Operations that order elements: the largest, the smallest, all of them sorted, and the index of each. NaN
/// counts as larger than every number. Indices have no gradient; the gradient of a value goes back to the
/// element that it came from.
public sealed interface OrderOps permits Tensor {
    /// The largest elements along an axis and their indices; of several equal ones, the first. The gradient
    /// goes to that element alone; with [ReductionOps#amax(int)], equal elements share it.
    ///
    /// **Shapes** both as this without axis
    default ValuesAndIndices max(int axis) {
        return ArgExtreme.max(self(), axis);
    }

    /// The smallest elements along an axis and their indices; of several equal ones, the first.
    ///
    /// **Shapes** both as this without axis
    default ValuesAndIndices min(int axis) {
        return ArgExtreme.min(self(), axis);
    }

    /// As without `keepDim`; if it is true, the axis is kept, with size 1.
    default ValuesAndIndices max(int axis, boolean keepDim) {
        return kept(max(axis), axis, keepDim);
    }

    /// As without `keepDim`; if it is true, the axis is kept, with size 1.
    default ValuesAndIndices min(int axis, boolean keepDim) {
        return kept(min(axis), axis, keepDim);
    }

    /// The row-major index of the largest of all elements; of several equal ones, the first.
    default int argmax() {
        return ArgExtreme.argmax(self().reshape(self().size()), 0).get(0);
    }

    /// The index of the largest element along an axis; of several equal ones, the first.
    ///
    /// **Shapes** as this without axis
    default Indices argmax(int axis) {
        return ArgExtreme.argmax(self(), axis);
    }

    /// The row-major index of the smallest of all elements; of several equal ones, the first.
    default int argmin() {
        return ArgExtreme.argmin(self().reshape(self().size()), 0).get(0);
    }

    /// The index of the smallest element along an axis; of several equal ones, the first.
    ///
    /// **Shapes** as this without axis
    default Indices argmin(int axis) {
        return ArgExtreme.argmin(self(), axis);
    }

    /// Sorts the elements along an axis, from the smallest to the largest or the reverse. Returns them with
    /// the index that each had before. Equal elements keep their order.
    ///
    /// **Shapes** both as this
    default ValuesAndIndices sort(int axis, boolean descending) {
        return Sort.apply(self(), axis, descending);
    }

    /// The k largest elements along the last axis, the largest first, and their indices.
    ///
    /// **Shapes** both as this, the last axis of size k
    default ValuesAndIndices topk(int k) {
        return Sort.topk(self(), k, -1, true);
    }

    /// The k largest, or the k smallest, elements along an axis, the most extreme first, and their indices.
    ///
    /// **Shapes** both as this, the axis of size k
    default ValuesAndIndices topk(int k, int axis, boolean largest) {
        return Sort.topk(self(), k, axis, largest);
    }

    /// Draws random indices, with this tensor's elements as their weights; see [Multinomial].
    ///
    /// **Shapes** this (n) → (draws); this (rows, n) → (rows, draws)
    default Indices multinomial(int draws, boolean replacement, Rng rng) {
        return Multinomial.draw(self(), draws, replacement, rng);
    }

    private ValuesAndIndices kept(ValuesAndIndices found, int axis, boolean keepDim) {
        if (!keepDim) {
            return found;
        }
        int[] dims = self().shape().with(axis, 1).dims();
        return new ValuesAndIndices(
                found.values().reshape(dims), found.indices().reshape(dims));
    }

    private Tensor self() {
        return (Tensor) this;
    }
}
