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
import java.util.List;
import java.util.stream.IntStream;

/// What rearranges, cuts and repeats elements and leaves their values alone. A tensor always lies row by row
/// without gaps, so only [#reshape] and its relatives [#squeeze] and [#unsqueeze] cost nothing; everything
/// else copies.
public sealed interface ShapeOps permits Tensor {
    /// The same elements in another shape, without a copy. One size may be -1 and is then worked out.
    default Tensor reshape(int... dims) {
        return Reshape.apply(self(), dims);
    }

    /// Exchanges two axes, by a copy.
    default Tensor transpose(int axis, int other) {
        return Views.transpose(self(), axis, other);
    }

    /// Reorders all axes, by a copy: axis i of the result is axis `axes[i]` of this.
    default Tensor permute(int... axes) {
        return Views.permute(self(), axes);
    }

    /// The places start to end, end excluded, along an axis; negative ones count from the end, as in Python's
    /// `x[start:end]`.
    default Tensor slice(int axis, int start, int end) {
        return Views.slice(self(), axis, start, end);
    }

    /// The places from start on along an axis; a negative one counts from the end: `x.slice(0, -1)` is the
    /// last row.
    default Tensor slice(int axis, int start) {
        return Views.slice(self(), axis, start, self().dim(axis));
    }

    /// One place along an axis, which disappears; a negative one counts from the end.
    default Tensor select(int axis, int index) {
        return Views.select(self(), axis, index);
    }

    /// Repeats axes of size 1, by NumPy's rules, and puts new ones in front.
    ///
    /// **Shapes** (3, 1).broadcastTo(2, 3, 4) → (2, 3, 4)
    default Tensor broadcastTo(int... dims) {
        return Views.broadcastTo(self(), Shape.of(dims));
    }

    /// This tensor with size -1 standing for the size that an axis has already: [#broadcastTo] as PyTorch's
    /// `expand`.
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

    /// Copies laid side by side, `times[i]` of them along axis i; more numbers than axes put new axes in front.
    ///
    /// **Shapes** (2, 3).repeat(4, 1, 2) → (4, 2, 6)
    default Tensor repeat(int... times) {
        return Repeat.apply(self(), times);
    }

    /// Without the axes of size 1.
    default Tensor squeeze() {
        return reshape(
                IntStream.of(self().shape().dims()).filter(dim -> dim != 1).toArray());
    }

    /// Without an axis of size 1; an axis of another size stays.
    default Tensor squeeze(int axis) {
        return self().dim(axis) == 1
                ? reshape(self().shape().without(axis).dims())
                : reshape(self().shape().dims());
    }

    /// With a new axis of size 1, which will be number `axis` of the result.
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

    /// Pieces of one size along an axis; the last one may be smaller.
    default List<Tensor> split(int size, int axis) {
        return Pieces.split(self(), size, axis);
    }

    /// Pieces of given sizes along an axis, which must add up to its size.
    default List<Tensor> split(int[] sizes, int axis) {
        return Pieces.split(self(), sizes, axis);
    }

    /// So many pieces of equal size along an axis; the last one may be smaller, or some be missing, where the
    /// size does not divide.
    default List<Tensor> chunk(int chunks, int axis) {
        return Pieces.chunk(self(), chunks, axis);
    }

    /// Every place along an axis by itself; the axis disappears.
    default List<Tensor> unbind(int axis) {
        return Pieces.unbind(self(), axis);
    }

    /// The axes read from their end: `y[i] = x[n - 1 - i]`.
    default Tensor flip(int... axes) {
        return Flip.apply(self(), axes);
    }

    /// Moved along an axis, what is pushed out at one end coming in at the other: `y[(i + shift) mod n] = x[i]`.
    default Tensor roll(int shift, int axis) {
        return Roll.apply(self(), shift, axis);
    }

    /// A number put around the elements: `amounts` are left and right for the last axis, then above and below
    /// for the one before it, and so on.
    ///
    /// **Shapes** (2, 3).pad({1, 0, 0, 2}, 0) → (4, 4)
    default Tensor pad(int[] amounts, double value) {
        return Pad.apply(self(), amounts, value);
    }

    /// The lower triangle of matrices, zeros above the diagonal.
    ///
    /// **Shapes** (..., m, n), kept
    default Tensor tril() {
        return Triangle.lower(self(), 0);
    }

    /// The lower triangle up to a diagonal: 0 is the main one, 1 the one above it, -1 the one below.
    default Tensor tril(int diagonal) {
        return Triangle.lower(self(), diagonal);
    }

    /// The upper triangle of matrices, zeros below the diagonal.
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
