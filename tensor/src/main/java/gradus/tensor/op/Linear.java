package gradus.tensor.op;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Autograd;
import gradus.tensor.Saved;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.Matrix;
import gradus.tensor.kernel.Strided;
import gradus.tensor.memory.Destination;
import gradus.tensor.type.Shape;

/// `Y = X·Wᵀ + b` on the last axis; all axes before count as rows. The weight is stored (out, in) as in PyTorch.
///
/// `dX = dY·W`, `dW = dYᵀ·X`, `db = Σ_rows dY`.
public final class Linear {
    private Linear() {}

    public static Tensor apply(Tensor x, Tensor weight, Tensor bias) {
        given(x, "linear", "a tensor");
        x.requireSame("linear", weight);
        require(
                x.rank() >= 1 && weight.rank() == 2 && x.dim(-1) == weight.dim(1),
                "linear: x must be (..., in) and weight (out, in); got %s and %s",
                x.shape(),
                weight.shape());
        int in = weight.dim(1);
        int out = weight.dim(0);
        int rows = x.size() / in;
        if (bias != null) {
            x.requireSame("linear", bias);
            require(bias.rank() == 1 && bias.dim(0) == out, "linear: bias must be (%d,); got %s", out, bias.shape());
        }
        Kernels kernels = Kernels.of(x.buffer());
        Tensor y = x.newEmpty(x.shape().with(-1, out));
        kernels.products()
                .linear(
                        Matrix.of(x.buffer(), rows, in),
                        Matrix.of(weight.buffer(), out, in),
                        bias == null ? null : bias.buffer(),
                        Matrix.of(y.buffer(), rows, out));
        Saved savedX = Saved.of(x);
        Saved savedW = Saved.of(weight);
        return Autograd.record(
                y,
                dy -> {
                    Matrix dY = Matrix.of(dy, rows, out);
                    Destination dx = x.gradientDestination();
                    if (dx != null) {
                        Matrix w = Matrix.of(savedW.get(), out, in);
                        kernels.products().matmul(1, 1, dY, w, dx.beta(), Matrix.of(dx.buffer(), rows, in));
                    }
                    Destination dw = weight.gradientDestination();
                    if (dw != null) {
                        Matrix saved = Matrix.of(savedX.get(), rows, in);
                        kernels.products()
                                .matmul(1, 1, dY.transpose(), saved, dw.beta(), Matrix.of(dw.buffer(), out, in));
                    }
                    Destination db = bias == null ? null : bias.gradientDestination();
                    if (db != null) {
                        kernels.reductions().sumTo(dy, Strided.broadcast(bias.shape(), Shape.of(rows, out)), 1, db);
                    }
                },
                x,
                weight,
                bias);
    }

    /// The same in plain tensor operations, which is its definition.
    public static Tensor plain(Tensor x, Tensor weight, Tensor bias) {
        given(x, "linear", "a tensor");
        given(weight, "linear", "a weight");
        Tensor rows = x.reshape(-1, weight.dim(1)); // (rows, in)
        Tensor y = rows.matmul(weight, false, true); // (rows, out)
        y = bias == null ? y : y.add(bias);
        return y.reshape(x.shape().with(-1, weight.dim(0)).dims()); // (..., out)
    }
}
