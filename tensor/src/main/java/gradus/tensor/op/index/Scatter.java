package gradus.tensor.op.index;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Tensor;
import gradus.tensor.op.ScatterAdd;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;

/// Elements added to chosen places of a tensor, the transpose of picking them. Where an index repeats,
/// everything sent there adds up.
public final class Scatter {
    private Scatter() {}

    /// Whole rows, or whatever lies along an axis: `y[…, indices[j], …] = x[…, indices[j], …] + source[…, j,
    /// …]`, as `torch.index_add`.
    ///
    /// **Shapes** x any, indices (m), source as x but of size m along axis → as x
    public static Tensor indexAdd(Tensor x, int axis, Indices indices, Tensor source) {
        given(x, "indexAdd", "a tensor");
        given(indices, "indexAdd", "indices");
        x.requireSame("indexAdd", source);
        int at = x.shape().axis(axis);
        require(indices.shape().rank() == 1, "indexAdd: indices must be (m,); got %s", indices.shape());
        Shape expected = x.shape().with(at, indices.size());
        require(
                source.shape().equals(expected),
                "indexAdd: the source must have shape %s; got %s",
                expected,
                source.shape());
        Tensor front = source.transpose(0, at); // (m, ...)
        return x.add(ScatterAdd.apply(front, indices, x.dim(at)).transpose(0, at));
    }

    /// Element by element, as `torch.scatter_add`: of a matrix along axis 1, `source[i, j]` is added to
    /// `y[i, index[i, j]]`.
    ///
    /// **Shapes** index and source alike, of x's rank and not larger than x along any other axis → as x
    public static Tensor scatterAdd(Tensor x, int axis, Indices index, Tensor source) {
        given(x, "scatterAdd", "a tensor");
        given(index, "scatterAdd", "indices");
        x.requireSame("scatterAdd", source);
        int at = x.shape().axis(axis);
        require(
                index.shape().equals(source.shape()),
                "scatterAdd: indices and source must have one shape; got %s and %s",
                index.shape(),
                source.shape());
        int[] places = gradus.tensor.op.index.Gather.places("scatterAdd", x.shape(), at, index);
        Tensor sent = ScatterAdd.apply(source.reshape(source.size()), Indices.of(places), x.size()); // (n)
        return x.add(sent.reshape(x.shape().dims()));
    }
}
