package gradus.tensor.op.product;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Autograd;
import gradus.tensor.Saved;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.Matrix;
import gradus.tensor.kernel.ProductKernels.LowRank;
import gradus.tensor.memory.Destination;
import gradus.tensor.op.Linear;

/// `Y + s·(X·Aᵀ)·Bᵀ` on the last axis, written over Y: what LoRA adds to the result of a linear layer. A is
/// (r, in) and B (out, r).
///
/// With `H = X·Aᵀ` and `G = s·dY·B`, both (rows, r): `dA = Gᵀ·X`, `dB = s·dYᵀ·H`, `dX = G·A`; the gradient of
/// Y is dY.
///
/// This is for few rows, as when text is generated; for many, [LowRankLinear] costs less. For a small r the
/// work is to read and write, not to multiply. So the last product adds to Y where it lies, instead of
/// leaving a second (rows, out) matrix that is scaled and added in two more passes. Y must be a result that
/// nothing else reads; a backward pass that needed its old values throws, see [Saved].
public final class AddLowRank {
    private AddLowRank() {}

    /// **Shapes** y (..., out), x (..., in), a (r, in), b (out, r) → (..., out)
    ///
    /// @param y     is changed, and must not be used any more: the result stands in its memory
    /// @param scale s
    public static Tensor apply(Tensor y, Tensor x, Tensor a, Tensor b, double scale) {
        given(y, "addLowRank", "a tensor");
        for (Tensor each : new Tensor[] {x, a, b}) {
            y.requireSame("addLowRank", each);
        }
        require(
                a.rank() == 2 && b.rank() == 2 && a.dim(0) == b.dim(1) && x.rank() >= 1 && x.dim(-1) == a.dim(1),
                "addLowRank: x must be (..., in), a (r, in) and b (out, r); got %s, %s and %s",
                x.shape(),
                a.shape(),
                b.shape());
        require(
                y.shape().equals(x.shape().with(-1, b.dim(0))),
                "addLowRank: y must be %s; got %s",
                x.shape().with(-1, b.dim(0)),
                y.shape());
        require(
                Autograd.isComputed(y) || !y.requiresGrad(),
                "addLowRank: y is written over, so it must not be a parameter");
        int rank = a.dim(0);
        int in = a.dim(1);
        int out = b.dim(0);
        int rows = x.size() / in;
        Kernels kernels = Kernels.of(y.buffer());
        Tensor h = x.newEmpty(x.shape().with(-1, rank));
        Matrix matrixH = Matrix.of(h.buffer(), rows, rank);
        kernels.products().linear(Matrix.of(x.buffer(), rows, in), Matrix.of(a.buffer(), rank, in), null, matrixH);
        Destination over = new Destination(y.buffer(), true);
        kernels.products()
                .matmul(
                        1,
                        scale,
                        matrixH,
                        Matrix.of(b.buffer(), out, rank).transpose(),
                        1,
                        Matrix.of(over.buffer(), rows, out));
        Saved savedX = Saved.of(x);
        Saved savedA = Saved.of(a);
        Saved savedB = Saved.of(b);
        return Autograd.record(
                Tensor.over(y.buffer(), y.shape()),
                dy -> {
                    y.addGradient(dy);
                    LowRank of = new LowRank(
                            Matrix.of(savedX.get(), rows, in),
                            Matrix.of(savedA.get(), rank, in),
                            Matrix.of(savedB.get(), out, rank),
                            matrixH,
                            scale);
                    LowRank.Gradients to = new LowRank.Gradients(
                            x.gradientDestination(), a.gradientDestination(), b.gradientDestination());
                    kernels.products().lowRankBackward(of, Matrix.of(dy, rows, out), to);
                },
                y,
                x,
                a,
                b);
    }

    /// The same in plain tensor operations, which is its definition.
    public static Tensor plain(Tensor y, Tensor x, Tensor a, Tensor b, double scale) {
        return y.add(Linear.plain(Linear.plain(x, a, null), b, null).mul(scale)); // (..., out)
    }
}
