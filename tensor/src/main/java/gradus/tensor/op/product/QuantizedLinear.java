package gradus.tensor.op.product;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.Matrix;
import gradus.tensor.kernel.QuantizedKernels;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import gradus.tensor.op.Linear;
import gradus.tensor.quant.QuantizedMatrix;

/// `Y = X·Wᵀ` on the last axis, where W (out, in) is quantised and frozen. `dX = dY·W`.
///
/// W is decoded a strip of rows at a time, into the same small piece of memory over and over: columns of Y in
/// the forward pass, and in the backward pass a term of the sum `dX = Σ_strips dY[:, strip]·W[strip, :]`. So
/// the whole of W never exists in float32, and nothing needs to be saved for the backward pass. Decoding
/// costs a few operations an element where the product costs two for each row of X.
public final class QuantizedLinear {
    /// Elements of a strip: half a megabyte, which a core's own cache holds.
    private static final int STRIP = 1 << 17;

    private QuantizedLinear() {}

    /// **Shapes** x (..., in), weight (out, in) → (..., out)
    public static Tensor apply(Tensor x, QuantizedMatrix weight) {
        given(x, "linear", "a tensor");
        given(weight, "linear", "a weight");
        int in = weight.columns();
        int out = weight.rows();
        require(
                x.rank() >= 1 && x.dim(-1) == in,
                "linear: x must be (..., in) and weight (out, in); got %s and (%d, %d)",
                x.shape(),
                out,
                in);
        int rows = x.size() / in;
        Kernels kernels = Kernels.of(x.buffer());
        Tensor y = x.newEmpty(x.shape().with(-1, out));
        Matrix rowsOfX = Matrix.of(x.buffer(), rows, in);
        eachStrip(
                x.buffer(),
                weight,
                (strip, from) -> kernels.products()
                        .linear(rowsOfX, strip, null, columns(y.buffer(), rows, out, from, strip.rows())));
        return Autograd.record(
                y,
                dy -> {
                    Destination dx = x.gradientDestination();
                    if (dx != null) {
                        addProduct(dy, rows, weight, dx);
                    }
                },
                x);
    }

    /// `dY·W`, which [#apply] passes back.
    ///
    /// **Shapes** dy (..., out), weight (out, in) → (..., in)
    public static Tensor transposed(Tensor dy, QuantizedMatrix weight) {
        given(dy, "linear", "a tensor");
        given(weight, "linear", "a weight");
        require(
                dy.rank() >= 1 && dy.dim(-1) == weight.rows(),
                "linear: dy must be (..., out) and weight (out, in); got %s and (%d, %d)",
                dy.shape(),
                weight.rows(),
                weight.columns());
        Tensor dx = dy.newEmpty(dy.shape().with(-1, weight.columns()));
        addProduct(dy.buffer(), dy.size() / weight.rows(), weight, new Destination(dx.buffer(), false));
        return dx;
    }

    /// The same in plain tensor operations, which is its definition.
    public static Tensor plain(Tensor x, QuantizedMatrix weight) {
        given(x, "linear", "a tensor");
        given(weight, "linear", "a weight");
        return Linear.plain(x, weight.dequantize().to(x.dtype()), null);
    }

    private static void addProduct(Buffer dy, int rows, QuantizedMatrix weight, Destination dx) {
        int out = weight.rows();
        Matrix rowsOfDx = Matrix.of(dx.buffer(), rows, weight.columns());
        Kernels kernels = Kernels.of(dy);
        eachStrip(dy, weight, (strip, from) -> {
            double beta = from == 0 ? dx.beta() : 1;
            kernels.products().matmul(1, 1, columns(dy, rows, out, from, strip.rows()), strip, beta, rowsOfDx);
        });
    }

    /// Some columns of a matrix.
    private static Matrix columns(Buffer buffer, int rows, int columns, int from, int count) {
        return new Matrix(buffer, from, rows, count, columns, false, 0);
    }

    /// What is done with a strip of W.
    private interface Strip {
        /// @param strip (rows of the strip, in)
        /// @param from  the number of its first row in W
        void use(Matrix strip, int from);
    }

    private static void eachStrip(Buffer like, QuantizedMatrix weight, Strip action) {
        int in = weight.columns();
        QuantizedKernels device =
                weight.format().table() == null ? null : Kernels.of(like).quantized();
        int height = Math.clamp((device == null ? STRIP : device.strip()) / in, 1, weight.rows());
        float[] decoded = device == null ? new float[height * in] : null;
        try (var scope = Scope.open()) {
            Buffer strip = like.like(height * in);
            for (int from = 0; from < weight.rows(); from += height) {
                int to = Math.min(from + height, weight.rows());
                if (device == null) {
                    weight.dequantize(from, to, decoded);
                    strip.set(decoded); // of a shorter last strip the rest is old and not read
                } else {
                    device.dequantize(weight, new QuantizedKernels.Window(from, to, 0, in), strip);
                }
                action.use(Matrix.of(strip, to - from, in), from);
            }
        }
    }
}
