package gradus.tensor.op;

import static gradus.error.ShapeException.require;

import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.memory.Destination;
import gradus.tensor.type.Indices;

/// Rows sent to numbered places, where those that meet add up: `y[i] = Σ x[j]` over all j with `indices[j]
/// = i`, and 0 where none arrives. The transpose of [IndexSelect], so each is the other's backward: `dx[j] =
/// dy[indices[j]]`.
public final class ScatterAdd {
    private ScatterAdd() {}

    /// @param rows how many places there are, n
    ///
    /// **Shapes** x (m, ...), indices (m) → (n, ...)
    public static Tensor apply(Tensor x, Indices indices, int rows) {
        require(x != null && indices != null, "scatterAdd: a tensor and indices must be given; got null");
        require(
                x.rank() >= 1 && indices.shape().rank() == 1 && indices.size() == x.dim(0),
                "scatterAdd: x must be (m, ...) and indices (m,); got %s and %s",
                x.shape(),
                indices.shape());
        require(rows >= 1, "scatterAdd: there must be at least 1 row to add to; got %d", rows);
        indices.requireBelow("scatterAdd", rows);
        int inner = x.shape().product(1, x.rank());
        Kernels kernels = Kernels.of(x.buffer());
        Tensor y = x.newEmpty(x.shape().with(0, rows)); // (n, ...)
        int[] places = indices.values();
        kernels.movements().scatterAdd(x.buffer(), 1, rows, inner, places, new Destination(y.buffer(), false));
        return Autograd.record(
                y,
                dy -> {
                    Tensor dx = x.newEmpty(x.shape());
                    kernels.movements().gather(dy, 1, rows, inner, places, dx.buffer());
                    x.addGradient(dx.buffer());
                    dx.close();
                },
                x);
    }
}
