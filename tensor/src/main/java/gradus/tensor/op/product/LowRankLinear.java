package gradus.tensor.op.product;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Autograd;
import gradus.tensor.Saved;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.Matrix;
import gradus.tensor.kernel.Strided;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import gradus.tensor.op.Linear;
import gradus.tensor.type.Shape;
import java.util.List;

/// `Y = X·W'ᵀ + bias` with `W' = W + Σ s·B·A`, on the last axis: a linear layer and the low-rank updates of its
/// matrix in one product. What LoRA computes where X has many rows.
///
/// `dX = dY·W'`, `dW = dYᵀ·X`, and for each update, with `G = s·dY·B` and `H = X·Aᵀ`, both (rows, r):
/// `dA = Gᵀ·X`, `dB = s·dYᵀ·H`.
///
/// [AddLowRank] computes the same result by two thin products beside the large one, `X·Wᵀ + s·(X·Aᵀ)·Bᵀ`.
/// They do little with each number that they read, so they cost what their memory traffic costs: X is read
/// and Y written once more forwards, and dX once more backwards. Here the thin part is `s·B·A`, which has
/// nothing to do with the number of rows: see [#pays]. W' is temporary memory in each pass and nothing of it
/// is kept in between.
///
/// W' rounds `W + s·B·A` to the type of W once, which changes a result by no more than one rounding of each
/// of its terms, as the product itself does.
public final class LowRankLinear {
    private LowRankLinear() {}

    /// Whether computing W' costs less than the thin products of [AddLowRank]. In numbers read and written,
    /// W' takes `2·in·out`, W once and itself once; the thin products take `rows·(in + out)`, X once more and
    /// Y once more. In multiplications it is `r·in·out` against `r·rows·(in + out)`. So it pays from `rows =
    /// 2·in·out/(in + out)` on, which is the width where in and out are alike.
    public static boolean pays(int rows, int in, int out) {
        return (long) rows * (in + out) >= 2L * in * out;
    }

    /// **Shapes** x (..., in), weight (out, in), bias (out) → (..., out)
    ///
    /// @param bias    or null
    /// @param updates of the weight, any number
    /// @throws gradus.error.ShapeException if shapes or types do not fit each other
    public static Tensor apply(Tensor x, Tensor weight, Tensor bias, List<LowRankUpdate> updates) {
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
        requireBias(x, bias, out);
        Updates added = new Updates("linear", x, in, out, updates);
        Saved savedX = Saved.of(x);
        Saved savedW = Saved.of(weight);
        Kernels kernels = Kernels.of(x.buffer());
        Tensor y = x.newEmpty(x.shape().with(-1, out));
        try (var scope = Scope.open()) {
            Matrix sum = sum(savedW.get(), out, in, added);
            Buffer b = bias == null ? null : bias.buffer();
            kernels.products().linear(Matrix.of(x.buffer(), rows, in), sum, b, Matrix.of(y.buffer(), rows, out));
        }
        return Autograd.record(
                y,
                dy -> {
                    Matrix dY = Matrix.of(dy, rows, out);
                    Destination dx = x.gradientDestination();
                    Destination dw = weight.gradientDestination();
                    added.backward(savedX, dy, rows);
                    if (dx != null) {
                        try (var scope = Scope.open()) {
                            Matrix sum = sum(savedW.get(), out, in, added);
                            kernels.products().matmul(1, 1, dY, sum, dx.beta(), Matrix.of(dx.buffer(), rows, in));
                        }
                    }
                    if (dw != null) {
                        Matrix saved = Matrix.of(savedX.get(), rows, in);
                        kernels.products()
                                .matmul(1, 1, dY.transpose(), saved, dw.beta(), Matrix.of(dw.buffer(), out, in));
                    }
                    addBiasGradient(dy, rows, bias);
                },
                added.with(x, weight, bias));
    }

    static void requireBias(Tensor x, Tensor bias, int out) {
        if (bias != null) {
            x.requireSame("linear", bias);
            require(bias.rank() == 1 && bias.dim(0) == out, "linear: bias must be (%d,); got %s", out, bias.shape());
        }
    }

    static void addBiasGradient(Buffer dy, int rows, Tensor bias) {
        Destination db = bias == null ? null : bias.gradientDestination();
        if (db != null) {
            Strided eachRow = Strided.broadcast(bias.shape(), Shape.of(rows, bias.dim(0)));
            Kernels.of(dy).reductions().sumTo(dy, eachRow, 1, db);
        }
    }

    /// `W + Σ s·B·A`
    private static Matrix sum(Buffer weight, int out, int in, Updates added) {
        Buffer copy = weight.like(out * in);
        Kernels.of(weight).pointwise().affine(weight, 1, 0, new Destination(copy, false));
        Matrix sum = Matrix.of(copy, out, in);
        added.addTo(sum, 0, 0);
        return sum;
    }

    /// The same in plain tensor operations, which is its definition.
    public static Tensor plain(Tensor x, Tensor weight, Tensor bias, List<LowRankUpdate> updates) {
        Tensor sum = weight;
        for (LowRankUpdate each : updates) {
            sum = sum.add(each.plain()); // (out, in)
        }
        return Linear.plain(x, sum, bias); // (..., out)
    }
}
