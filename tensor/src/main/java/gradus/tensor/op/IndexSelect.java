package gradus.tensor.op;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;

/// Whole rows, or whatever lies along an axis, picked by number, as `torch.index_select` does. A place picked
/// twice gets both gradients: the backward scatters and adds. [gradus.tensor.op.index.Gather] picks element
/// by element.
public final class IndexSelect {
    private IndexSelect() {}

    /// `y[…, j, …] = x[…, indices[j], …]` along an axis.
    public static Tensor apply(Tensor x, int axis, Indices indices) {
        given(x, "indexSelect", "a tensor");
        require(indices != null, "indexSelect: indices must be given; got null");
        require(indices.shape().rank() == 1, "indexSelect: indices must be (n,); got %s", indices.shape());
        int at = x.shape().axis(axis);
        return pick("indexSelect", x, at, indices, x.shape().with(at, indices.size()));
    }

    /// Row ids of a table: `y[…] = table[ids[…]]`.
    ///
    /// **Shapes** table (V, C), ids (...) → (..., C)
    public static Tensor embedding(Tensor table, Indices ids) {
        given(table, "embedding", "a table");
        require(ids != null, "embedding: ids must be given; got null");
        require(table.rank() == 2, "embedding: the table must be (V, C); got %s", table.shape());
        Shape shape = ids.shape().insert(ids.shape().rank(), table.dim(1));
        return pick("embedding", table, 0, ids, shape);
    }

    private static Tensor pick(String operation, Tensor x, int at, Indices indices, Shape shape) {
        int n = x.dim(at);
        indices.requireBelow(operation, n);
        int outer = x.shape().product(0, at);
        int inner = x.shape().product(at + 1, x.rank());
        Kernels kernels = Kernels.of(x.buffer());
        Tensor y = x.newEmpty(shape);
        int[] places = indices.values();
        kernels.movements().gather(x.buffer(), outer, n, inner, places, y.buffer());
        return Autograd.record(
                y, dy -> kernels.movements().scatterAdd(dy, outer, n, inner, places, x.gradientDestination()), x);
    }
}
