package gradus.tensor.op.product;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Autograd;
import gradus.tensor.Saved;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.Matrix;
import gradus.tensor.kernel.ProductKernels;
import gradus.tensor.kernel.QuantizedKernels;
import gradus.tensor.kernel.QuantizedKernels.Window;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import gradus.tensor.quant.QuantizedMatrix;
import java.util.List;

/// `Y = X·W'ᵀ + bias` with `W' = W + Σ s·B·A`, on the last axis, where W (out, in) is quantised and frozen,
/// and any number of low-rank updates are not: LoRA on a quantised base, as in QLoRA. `dX = dY·W'`; the
/// gradients of A and B are those of [LowRankLinear].
///
/// W is decoded a block at a time, into the same small piece of memory over and over, and the block of `Σ
/// s·B·A` is added to it there. So the whole of W never exists in float32, and nothing needs to be saved for
/// the backward pass. Decoding costs a few operations an element where the product costs two for each row of
/// X.
///
/// The blocks are even, some hundred rows by some hundred columns. A product with a block of few rows would
/// read and pack all of X for little work. A product with one of few columns would add to all of Y for little
/// work; with some 400 columns it adds as often as the product with a whole matrix does, which goes by pieces
/// of so many terms, too. Backwards rows and columns change places.
public final class QuantizedLinear {
    /// Elements of a block at most: two megabytes.
    private static final int BLOCK = 1 << 19;

    /// Columns of a block at most, unless X has few rows.
    private static final int SIDE = 768;

    /// Sides are multiples of this: of register tiles of 16 and 32, and of a format's blocks of 32 or 64
    /// elements.
    private static final int GRAIN = 64;

    /// With fewer rows of X than this, decoding is most of the work, and it is fastest along whole rows of W.
    private static final int FEW = 16;

    private QuantizedLinear() {}

    /// **Shapes** x (..., in), weight (out, in) → (..., out)
    public static Tensor apply(Tensor x, QuantizedMatrix weight) {
        return apply(x, weight, null, List.of());
    }

    /// **Shapes** x (..., in), weight (out, in), bias (out) → (..., out)
    ///
    /// @param bias    or null
    /// @param updates of the weight, any number
    /// @throws gradus.error.ShapeException if shapes or types do not fit each other
    public static Tensor apply(Tensor x, QuantizedMatrix weight, Tensor bias, List<LowRankUpdate> updates) {
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
        LowRankLinear.requireBias(x, bias, out);
        Updates added = new Updates("linear", x, in, out, updates);
        ProductKernels products = Kernels.of(x.buffer()).products();
        Tensor y = x.newEmpty(x.shape().with(-1, out));
        eachBlock(x.buffer(), rows, weight, added, (block, row, column) -> {
            Matrix some = columns(x.buffer(), rows, in, column, block.columns());
            Matrix result = columns(y.buffer(), rows, out, row, block.rows());
            if (column == 0) {
                products.linear(some, block, part(bias, row, block.rows()), result);
            } else {
                products.matmul(1, 1, some, block.transpose(), 1, result);
            }
        });
        Saved savedX = Saved.of(x);
        return Autograd.record(
                y,
                dy -> {
                    Destination dx = x.gradientDestination();
                    added.backward(savedX, dy, rows);
                    if (dx != null) {
                        addProduct(dy, rows, weight, added, dx);
                    }
                    LowRankLinear.addBiasGradient(dy, rows, bias);
                },
                added.with(x, bias));
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
        Updates none = new Updates("linear", dy, weight.columns(), weight.rows(), List.of());
        addProduct(dy.buffer(), dy.size() / weight.rows(), weight, none, new Destination(dx.buffer(), false));
        return dx;
    }

    /// The same in plain tensor operations, which is its definition.
    public static Tensor plain(Tensor x, QuantizedMatrix weight) {
        return plain(x, weight, null, List.of());
    }

    /// The same in plain tensor operations, which is its definition.
    public static Tensor plain(Tensor x, QuantizedMatrix weight, Tensor bias, List<LowRankUpdate> updates) {
        given(x, "linear", "a tensor");
        given(weight, "linear", "a weight");
        return LowRankLinear.plain(x, Tensor.of(weight).to(x.dtype()), bias, updates);
    }

    private static void addProduct(Buffer dy, int rows, QuantizedMatrix weight, Updates added, Destination dx) {
        int in = weight.columns();
        int out = weight.rows();
        ProductKernels products = Kernels.of(dy).products();
        eachBlock(dy, rows, weight, added, (block, row, column) -> {
            Matrix some = columns(dy, rows, out, row, block.rows());
            double beta = row == 0 ? dx.beta() : 1;
            products.matmul(1, 1, some, block, beta, columns(dx.buffer(), rows, in, column, block.columns()));
        });
    }

    private static Buffer part(Tensor bias, int from, int count) {
        return bias == null ? null : bias.detach().slice(0, from, from + count).buffer();
    }

    /// Some columns of a matrix.
    private static Matrix columns(Buffer buffer, int rows, int columns, int from, int count) {
        return new Matrix(buffer, from, rows, count, columns, false, 0);
    }

    /// What is done with a block of W'.
    private interface Block {
        /// @param row    the number of its first row in W
        /// @param column the number of its first column
        void use(Matrix block, int row, int column);
    }

    private static void eachBlock(Buffer like, int rows, QuantizedMatrix weight, Updates added, Block action) {
        int in = weight.columns();
        int out = weight.rows();
        QuantizedKernels device =
                weight.format().table() == null ? null : Kernels.of(like).quantized();
        int most = device == null ? BLOCK : device.strip();
        int width = rows < FEW || device != null ? in : even(in, SIDE); // a card's product cuts its matrices itself
        int height = even(out, Math.max(1, most / width));
        float[] decoded = device == null ? new float[height * width] : null;
        try (var scope = Scope.open()) {
            Buffer block = like.like(height * width);
            for (int row = 0; row < out; row += height) {
                int toRow = Math.min(row + height, out);
                for (int column = 0; column < in; column += width) {
                    int toColumn = Math.min(column + width, in);
                    decode(weight, new Window(row, toRow, column, toColumn), device, decoded, block);
                    Matrix part = Matrix.of(block, toRow - row, toColumn - column);
                    added.addTo(part, row, column);
                    action.use(part, row, column);
                }
            }
        }
    }

    /// Decodes a window of W into the start of a block; the rest of a larger block is old and not read.
    ///
    /// @param device  null where the host decodes
    /// @param decoded room for it there
    private static void decode(
            QuantizedMatrix weight, Window window, QuantizedKernels device, float[] decoded, Buffer block) {
        if (device != null) {
            device.dequantize(weight, window, block);
            return;
        }
        weight.dequantize(window.fromRow(), window.toRow(), window.fromColumn(), window.toColumn(), decoded);
        block.set(decoded);
    }

    /// The side of equal pieces of a length, of which none is longer than the most, and all but the last are
    /// multiples of [#GRAIN] if the most is.
    private static int even(int length, int most) {
        int pieces = Math.ceilDiv(length, most);
        int side = Math.ceilDiv(length, pieces);
        int rounded = Math.ceilDiv(side, GRAIN) * GRAIN;
        return pieces == 1 ? length : rounded <= most ? rounded : side;
    }
}
