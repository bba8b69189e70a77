package gradus.tensor.op.product;

import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Near.largest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ShapeException;
import gradus.tensor.DType;
import gradus.tensor.Draw;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.op.OpTest;
import gradus.tensor.quant.QuantConfig;
import gradus.tensor.quant.QuantizedMatrix;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class QuantizedLinearTest extends OpTest {
    private static QuantizedMatrix matrix(QuantConfig config, long seed, int rows, int columns) {
        return config.quantize(Draw.normal(seed, rows, columns).to(DType.FLOAT32));
    }

    @Override
    protected List<Example> examples() {
        QuantizedMatrix nf4 = matrix(QuantConfig.NF4_DOUBLE, 2, 5, 7);
        QuantizedMatrix eight = matrix(QuantConfig.Q8_0, 3, 3, 32);
        return List.of(
                new Example("nf4", x -> x[0].linear(nf4), Draw.normal(1, 2, 3, 7)),
                new Example("q8_0", x -> x[0].linear(eight), Draw.normal(1, 4, 32)),
                new Example("a vector", x -> x[0].linear(nf4), Draw.normal(1, 7)),
                new Example("several strips", x -> x[0].linear(TALL), Draw.normal(1, 2, 64)));
    }

    /// 4,200 rows of 64: two strips of 2,048 and a part.
    private static final QuantizedMatrix TALL = matrix(QuantConfig.NF4, 4, 4200, 64);

    /// The product, its transpose and what is passed back, against loops over the decoded matrix.
    @Property(tries = 200)
    void isTheLoopOverTheDecodedMatrix(
            @ForAll @IntRange(min = 1, max = 9) int rows,
            @ForAll @IntRange(min = 1, max = 70) int in,
            @ForAll @IntRange(min = 1, max = 40) int out,
            @ForAll boolean nested,
            @ForAll long seed) {
        QuantizedMatrix matrix = matrix(nested ? QuantConfig.NF4_DOUBLE : QuantConfig.NF4, seed, out, in);
        double[] w = matrix.dequantize().toArray();
        Tensor x = Draw.normal(seed + 1, rows, in).requireGrad();
        Tensor dy = Draw.normal(seed + 2, rows, out);
        double[] y = new double[rows * out];
        double[] dx = new double[rows * in];
        double[] terms = new double[rows * out];
        double[] backTerms = new double[rows * in];
        for (int r = 0; r < rows; r++) {
            for (int o = 0; o < out; o++) {
                for (int i = 0; i < in; i++) {
                    y[r * out + o] += x.get(r, i) * w[o * in + i];
                    dx[r * in + i] += dy.get(r, o) * w[o * in + i];
                    terms[r * out + o] += Math.abs(x.get(r, i) * w[o * in + i]);
                    backTerms[r * in + i] += Math.abs(dy.get(r, o) * w[o * in + i]);
                }
            }
        }
        // At most 70 products and sums, so 70 roundings of the magnitudes on either side.
        assertNear(matrix.product(x).toArray(), y, 140 * 0x1p-53, largest(terms));
        assertNear(matrix.productT(dy).toArray(), dx, 140 * 0x1p-53, largest(backTerms));
        x.linear(matrix).backward(dy);
        assertNear(x.grad().toArray(), dx, 140 * 0x1p-53, largest(backTerms));
        assertNear(QuantizedLinear.plain(x, matrix).toArray(), y, 140 * 0x1p-53, largest(terms));
        Tensor narrow = x.detach().to(DType.FLOAT32).linear(matrix);
        assertNear(narrow.toArray(), y, 71 * 0x1p-24, largest(terms));
        Tensor back = matrix.productT(dy.to(DType.FLOAT32));
        assertNear(back.toArray(), dx, 71 * 0x1p-24, largest(backTerms));
    }

    /// Three strips, the last one shorter: every column of y and every term of dx is there once.
    @Test
    void stripsAreJoined() {
        Tensor w = TALL.dequantize();
        for (DType dtype : DType.values()) {
            double tolerance = 4200 * (dtype == DType.FLOAT32 ? 0x1p-24 : 0x1p-53);
            Tensor x = Draw.normal(7, 3, 64).to(dtype).requireGrad();
            Tensor dy = Draw.normal(8, 3, 4200).to(dtype);
            Tensor y = x.linear(TALL);
            assertNear(y, x.linear(w.to(dtype), null), tolerance);
            y.backward(dy);
            assertNear(x.grad(), dy.matmul(w.to(dtype)), tolerance);
        }
    }

    /// A matrix of 32 MiB in float32 is multiplied, forward and back, within a strip's half megabyte beside
    /// the results.
    @Test
    void theWholeMatrixNeverExistsInFloat32() {
        int rows = 4096;
        int columns = 2048;
        QuantizedMatrix matrix;
        try (var scope = Scope.open()) {
            matrix = QuantConfig.NF4_DOUBLE.quantize(Tensor.ones(rows, columns).mul(0.5));
        }
        BufferPool.trim();
        long before =
                BufferPool.statistics().bytesHeld() - BufferPool.statistics().bytesFree();
        try (var scope = Scope.open()) {
            Tensor x = Tensor.ones(2, columns).requireGrad();
            Tensor y = x.linear(matrix);
            y.backward(Tensor.ones(2, rows));
            assertThat(y.get(1, 4095)).isEqualTo(0.5 * columns);
            assertThat(x.grad().get(1, 2047)).isEqualTo(0.5 * rows);
        }
        long peak = BufferPool.statistics().bytesHeld() - before; // nothing was handed back since
        long results = 4L * 2 * (3 * columns + 2 * rows);
        long strip = 4L << 17;
        assertThat(peak).isBetween(strip, strip + 4 * results);
        assertThat(peak).isLessThan(4L * rows * columns / 40);
        assertThat(matrix.bytes()).isEqualTo(rows * columns / 2 + rows * columns / 64 + 4 * (512 + 1));
    }

    @Test
    void sizesThatDoNotFitAreRefused() { // BAD-INPUT 6, 8, 14
        QuantizedMatrix matrix = matrix(QuantConfig.NF4, 1, 4, 5);
        assertThatThrownBy(() -> Tensor.ones(2, 3).linear(matrix))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("x must be (..., in) and weight (out, in); got (2, 3) and (4, 5)");
        assertThatThrownBy(() -> matrix.productT(Tensor.ones(2, 5)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("dy must be (..., out) and weight (out, in); got (2, 5) and (4, 5)");
        assertThatThrownBy(() -> Tensor.ones(5).linear((QuantizedMatrix) null)).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> matrix.product(null)).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> matrix.productT(null)).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> Tensor.scalar(1).linear(matrix)).isInstanceOf(ShapeException.class);
    }

    @Test
    void noGraphIsKeptByTheTranspose() {
        Tensor dy = Tensor.ones(1, 4).requireGrad();
        assertThat(matrix(QuantConfig.NF4, 1, 4, 5).productT(dy).requiresGrad()).isFalse();
    }
}
