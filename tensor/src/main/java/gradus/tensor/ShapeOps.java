package gradus.tensor;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.op.Reshape;
import gradus.tensor.op.Views;
import gradus.tensor.op.shape.Flip;
import gradus.tensor.op.shape.Pad;
import gradus.tensor.op.shape.Pieces;
import gradus.tensor.op.shape.Repeat;
import gradus.tensor.op.shape.Roll;
import gradus.tensor.op.shape.Triangle;
import gradus.tensor.type.Shape;
import java.util.List;
import java.util.stream.IntStream;

/// Operations that rearrange, cut and repeat elements without changing their values. A tensor is always
/// stored row by row without gaps, so only [#reshape], [#squeeze] and [#unsqueeze] cost nothing; all the
/// others copy.
public sealed interface ShapeOps permits Tensor {
    /// The same elements in another shape, without a copy. One size may be -1; it is then computed from the
    /// others.
    default Tensor reshape(int... dims) {
        return Reshape.apply(self(), dims);
    }

    /// Swaps two axes. The elements are copied.
    default Tensor transpose(int axis, int other) {
        return Views.transpose(self(), axis, other);
    }

    /// Reorders all axes: axis i of the result is axis `axes[i]` of this tensor. The elements are copied.
    default Tensor permute(int... axes) {
        return Views.permute(self(), axes);
    }

    /// The part of an axis from index start (included) to end (excluded), as Python's `x[start:end]`.
    /// Negative indices count from the end.
    default Tensor slice(int axis, int start, int end) {
        return Views.slice(self(), axis, start, end);
    }

    /// The part of an axis from index start to the end. A negative start counts from the end: `x.slice(0,
    /// -1)` is the last row.
    default Tensor slice(int axis, int start) {
        return Views.slice(self(), axis, start, self().dim(axis));
    }

    /// The slice at one index of an axis; the axis disappears. A negative index counts from the end.
    default Tensor select(int axis, int index) {
        return Views.select(self(), axis, index);
    }

    /// Repeats along axes of size 1, by NumPy's rules, and adds new axes in front.
    ///
    /// **Shapes** (3, 1).broadcastTo(2, 3, 4) → (2, 3, 4)
    default Tensor broadcastTo(int... dims) {
        return Views.broadcastTo(self(), Shape.of(dims));
    }

    /// As [#broadcastTo], but a size of -1 keeps the size that the axis already has; PyTorch's `expand`.
    ///
    /// **Shapes** (3, 1).expand(2, -1, 4) → (2, 3, 4)
    default Tensor expand(int... dims) {
        given(dims, "expand", "dimensions");
        int[] wanted = dims.clone();
        int added = dims.length - self().rank();
        for (int axis = Math.max(0, added); axis < wanted.length; axis++) {
            wanted[axis] = wanted[axis] == -1 ? self().dim(axis - added) : wanted[axis];
        }
        return broadcastTo(wanted);
    }

    /// Repeats the whole tensor `times[i]` times along axis i. If there are more numbers than axes, new axes
    /// are added in front.
    ///
    /// **Shapes** (2, 3).repeat(4, 1, 2) → (4, 2, 6)
    default Tensor repeat(int... times) {
        return Repeat.apply(self(), times);
    }

    /// Removes all axes of size 1.
    default Tensor squeeze() {
        return reshape(
                IntStream.of(self().shape().dims()).filter(dim -> dim != 1).toArray());
    }

    /// Removes an axis if its size is 1; otherwise, the shape stays as it is.
    default Tensor squeeze(int axis) {
        return self().dim(axis) == 1
                ? reshape(self().shape().without(axis).dims())
                : reshape(self().shape().dims());
    }

    /// Adds an axis of size 1, which becomes axis number `axis` of the result.
    ///
    /// **Shapes** (2, 3).unsqueeze(1) → (2, 1, 3); -1 puts it last
    default Tensor unsqueeze(int axis) {
        int places = self().rank() + 1;
        int at = axis < 0 ? axis + places : axis;
        require(
                at >= 0 && at < places,
                "unsqueeze: axis %d is outside %d..%d for shape %s",
                axis,
                -places,
                places - 1,
                self().shape());
        return reshape(self().shape().insert(at, 1).dims());
    }

    /// Cuts an axis into pieces of one size; the last piece may be smaller.
    default List<Tensor> split(int size, int axis) {
        return Pieces.split(self(), size, axis);
    }

    /// Cuts an axis into pieces of the given sizes, which must add up to the size of the axis.
    default List<Tensor> split(int[] sizes, int axis) {
        return Pieces.split(self(), sizes, axis);
    }

    /// Cuts an axis into `chunks` pieces of equal size. If the size of the axis is not divisible by `chunks`,
    /// the last piece is smaller, and there may be fewer pieces.
    default List<Tensor> chunk(int chunks, int axis) {
        return Pieces.chunk(self(), chunks, axis);
    }

    /// Cuts an axis into its single indices; the axis disappears from the pieces.
    default List<Tensor> unbind(int axis) {
        return Pieces.unbind(self(), axis);
    }

    /// Reverses the order of the elements along the given axes: `y[i] = x[n - 1 - i]`.
    default Tensor flip(int... axes) {
        return Flip.apply(self(), axes);
    }

    /// Shifts the elements along an axis; those that leave at one end come in at the other: `y[(i + shift)
    /// mod n] = x[i]`.
    default Tensor roll(int shift, int axis) {
        return Roll.apply(self(), shift, axis);
    }

    /// Adds elements of one value around this tensor. `amounts` says how many to add before and after along
    /// the last axis, then along the axis before it, and so on.
    ///
    /// **Shapes** (2, 3).pad({1, 0, 0, 2}, 0) → (4, 4)
    default Tensor pad(int[] amounts, double value) {
        return Pad.apply(self(), amounts, value);
    }

    /// The lower triangle of each matrix; the elements above the diagonal become 0.
    ///
    /// **Shapes** (..., m, n), kept
    default Tensor tril() {
        return Triangle.lower(self(), 0);
    }

    /// The lower triangle up to a diagonal: 0 is the main one, 1 the one above it, -1 the one below.
    default Tensor tril(int diagonal) {
        return Triangle.lower(self(), diagonal);
    }

    /// The upper triangle of each matrix; the elements below the diagonal become 0.
    ///
    /// **Shapes** (..., m, n), kept
    default Tensor triu() {
        return Triangle.upper(self(), 0);
    }

    /// The upper triangle from a diagonal on: 0 is the main one, 1 the one above it, -1 the one below.
    default Tensor triu(int diagonal) {
        return Triangle.upper(self(), diagonal);
    }

    private Tensor self() {
        return (Tensor) this;
    }
}
