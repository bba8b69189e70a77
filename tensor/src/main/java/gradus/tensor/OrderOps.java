package gradus.tensor;

import gradus.tensor.op.order.ArgExtreme;
import gradus.tensor.op.order.Multinomial;
import gradus.tensor.op.order.Sort;

/// What asks for the order of elements and where they stand. NaN counts as larger than every number. Places are
/// [Indices], which have no gradient; elements pass theirs back to where they stood.
public sealed interface OrderOps permits Tensor {
    /// The largest along an axis and where it stands, the first of equals. The gradient goes to that place
    /// alone; see [ReductionOps#amax(int)] for the one that equals share.
    ///
    /// **Shapes** both as this without axis
    default ValuesAndIndices max(int axis) {
        return ArgExtreme.max(self(), axis);
    }

    /// The smallest along an axis and where it stands, the first of equals.
    ///
    /// **Shapes** both as this without axis
    default ValuesAndIndices min(int axis) {
        return ArgExtreme.min(self(), axis);
    }

    /// The same, the axis staying with size 1 if `keepDim`.
    default ValuesAndIndices max(int axis, boolean keepDim) {
        return kept(max(axis), axis, keepDim);
    }

    /// The same, the axis staying with size 1 if `keepDim`.
    default ValuesAndIndices min(int axis, boolean keepDim) {
        return kept(min(axis), axis, keepDim);
    }

    /// Where the largest of all elements stands, row-major, the first of equals.
    default int argmax() {
        return ArgExtreme.argmax(self().reshape(self().size()), 0).get(0);
    }

    /// Where the largest along an axis stands, the first of equals.
    ///
    /// **Shapes** as this without axis
    default Indices argmax(int axis) {
        return ArgExtreme.argmax(self(), axis);
    }

    /// Where the smallest of all elements stands, row-major, the first of equals.
    default int argmin() {
        return ArgExtreme.argmin(self().reshape(self().size()), 0).get(0);
    }

    /// Where the smallest along an axis stands, the first of equals.
    ///
    /// **Shapes** as this without axis
    default Indices argmin(int axis) {
        return ArgExtreme.argmin(self(), axis);
    }

    /// The elements along an axis from the smallest to the largest, or the other way round, and where each
    /// stood. Equal ones stay in order.
    ///
    /// **Shapes** both as this
    default ValuesAndIndices sort(int axis, boolean descending) {
        return Sort.apply(self(), axis, descending);
    }

    /// The k largest along the last axis, the largest first, and where each stood.
    ///
    /// **Shapes** both as this, the last axis of size k
    default ValuesAndIndices topk(int k) {
        return Sort.topk(self(), k, -1, true);
    }

    /// The k largest, or smallest, along an axis, the most extreme one first, and where each stood.
    ///
    /// **Shapes** both as this, the axis of size k
    default ValuesAndIndices topk(int k, int axis, boolean largest) {
        return Sort.topk(self(), k, axis, largest);
    }

    /// Draws category numbers with these elements as weights; see [Multinomial].
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
