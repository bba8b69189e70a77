package gradus.tensor.op.product;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Saved;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.Matrix;
import gradus.tensor.kernel.ProductKernels.LowRank;
import gradus.tensor.memory.Buffer;
import java.util.ArrayList;
import java.util.List;

/// The updates of one matrix W (out, in), as a product with W uses them forwards and backwards.
final class Updates {
    private final List<One> all = new ArrayList<>();
    private final int in;
    private final int out;

    /// An update whose values must still be those of the forward pass when the backward pass reads them.
    private record One(LowRankUpdate of, Saved a, Saved b, int rank) {}

    /// @param x  whose type the updates must have
    /// @param op what messages begin with
    Updates(String op, Tensor x, int in, int out, List<LowRankUpdate> updates) {
        this.in = in;
        this.out = out;
        given(updates, op, "a list of updates");
        for (LowRankUpdate each : updates) {
            given(each, op, "an update");
            x.requireSame(op, each.a());
            x.requireSame(op, each.b());
            Tensor a = each.a();
            Tensor b = each.b();
            require(
                    a.rank() == 2 && b.rank() == 2 && a.dim(1) == in && b.dim(0) == out && a.dim(0) == b.dim(1),
                    "%s: an update must have a (r, %d) and b (%d, r); got %s and %s",
                    op,
                    in,
                    out,
                    a.shape(),
                    b.shape());
            all.add(new One(each, Saved.of(a), Saved.of(b), a.dim(0)));
        }
    }

    /// Tensors that a product depends on: some others, and A and B of every update.
    Tensor[] with(Tensor... others) {
        List<Tensor> inputs = new ArrayList<>();
        for (Tensor other : others) {
            inputs.add(other);
        }
        for (One each : all) {
            inputs.add(each.of.a());
            inputs.add(each.of.b());
        }
        return inputs.toArray(Tensor[]::new);
    }

    /// Adds `Σ s·B·A` to a block of W.
    ///
    /// @param row    the block's first row in W
    /// @param column its first column
    void addTo(Matrix block, int row, int column) {
        for (One each : all) {
            int r = each.rank;
            Matrix b = new Matrix(each.b.get(), row * r, block.rows(), r, r, false, 0);
            Matrix a = new Matrix(each.a.get(), column, r, block.columns(), in, false, 0);
            Kernels.of(block.buffer()).products().matmul(1, each.of.scale(), b, a, 1, block);
        }
    }

    /// The gradients of every A and B, each update in one pass over the rows of X and dY.
    ///
    /// @param x (rows, in)
    void backward(Saved x, Buffer dy, int rows) {
        for (One each : all) {
            LowRank.Gradients to = new LowRank.Gradients(
                    null, each.of.a().gradientDestination(), each.of.b().gradientDestination());
            if (to.a() != null || to.b() != null) {
                LowRank of = new LowRank(
                        Matrix.of(x.get(), rows, in),
                        Matrix.of(each.a.get(), each.rank, in),
                        Matrix.of(each.b.get(), out, each.rank),
                        null,
                        each.of.scale());
                Kernels.of(dy).products().lowRankBackward(of, Matrix.of(dy, rows, out), to);
            }
        }
    }
}
