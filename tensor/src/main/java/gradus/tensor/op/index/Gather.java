package gradus.tensor.op.index;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;

/// Elements picked one by one along an axis, as `torch.gather` does: for the axis 1 of a matrix
/// `y[i, j] = x[i, index[i, j]]`. The log-probability of the token that was taken is
/// `logits.logSoftmax().gather(1, tokens)`.
///
/// It is an [gradus.tensor.op.IndexSelect] from all the elements in one row.
public final class Gather {
    private Gather() {}

    /// **Shapes** x of rank r, index of rank r, not larger than x along any other axis → index's shape
    public static Tensor apply(Tensor x, int axis, Indices index) {
        given(x, "gather", "a tensor");
        require(index != null, "gather: indices must be given; got null");
        int[] places = places("gather", x.shape(), x.shape().axis(axis), index);
        Tensor row = x.reshape(x.size()); // (n)
        return row.indexSelect(0, Indices.of(places)).reshape(index.shape().dims()); // index's shape
    }

    /// Where each picked element lies in a tensor of shape x, in row-major order.
    ///
    /// @throws gradus.error.ShapeException if the indices do not fit the shape, naming the operation
    public static int[] places(String operation, Shape x, int axis, Indices index) {
        given(x, operation, "a shape");
        given(index, operation, "indices");
        boolean fits = index.shape().rank() == x.rank();
        for (int a = 0; fits && a < x.rank(); a++) {
            fits = a == axis || index.shape().dim(a) <= x.dim(a);
        }
        require(
                fits,
                "%s: indices must have the rank of x and be no larger along the axes other than %d; got %s for %s",
                operation,
                axis,
                index.shape(),
                x);
        index.requireBelow(operation, x.dim(axis));
        int[] picked = index.values();
        int[] places = new int[picked.length];
        int rank = x.rank();
        int[] at = new int[rank];
        for (int i = 0; i < picked.length; i++) {
            int place = 0;
            for (int a = 0; a < rank; a++) {
                place = place * x.dim(a) + (a == axis ? picked[i] : at[a]);
            }
            places[i] = place;
            for (int a = rank - 1; a >= 0 && ++at[a] == index.shape().dim(a); a--) {
                at[a] = 0;
            }
        }
        return places;
    }
}
