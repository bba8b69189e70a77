package gradus.tensor.op.index;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;

/// Elements picked one by one along an axis, as [gradus.tensor.IndexingOps#gather], but an axis of size 1
/// stretches, in x and in the indices. As `torch.take_along_dim` and NumPy's `take_along_axis`.
public final class TakeAlongDim {
    private TakeAlongDim() {}

    /// **Shapes** x and indices broadcast but for axis → that shape, with the indices' size along axis
    public static Tensor apply(Tensor x, Indices indices, int axis) {
        given(x, "takeAlongDim", "a tensor");
        given(indices, "takeAlongDim", "indices");
        int at = x.shape().axis(axis);
        require(
                indices.shape().rank() == x.rank(),
                "takeAlongDim: indices must have the rank of x; got %s for %s",
                indices.shape(),
                x.shape());
        Shape others = Shape.broadcast(
                "takeAlongDim", x.shape().with(at, 1), indices.shape().with(at, 1));
        Tensor wide = x.broadcastTo(others.with(at, x.dim(at)).dims());
        Shape shape = others.with(at, indices.shape().dim(at));
        return wide.gather(at, stretch(indices, shape));
    }

    private static Indices stretch(Indices indices, Shape shape) {
        if (indices.shape().equals(shape)) {
            return indices;
        }
        int[] own = indices.shape().strides();
        int[] strides = shape.strides();
        int[] values = indices.values();
        int[] wide = new int[shape.size()];
        for (int i = 0; i < wide.length; i++) {
            int from = 0;
            for (int axis = 0; axis < shape.rank(); axis++) {
                int place = i / strides[axis] % shape.dim(axis);
                from += indices.shape().dim(axis) == 1 ? 0 : place * own[axis];
            }
            wide[i] = values[from];
        }
        return Indices.of(shape, wide);
    }
}
