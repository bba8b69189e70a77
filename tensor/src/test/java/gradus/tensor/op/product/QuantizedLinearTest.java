package gradus.tensor.op.product;

import static gradus.tensor.Near.assertNear;
import static gradus.tensor.Near.largest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ShapeException;
import gradus.tensor.Draw;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.memory.BufferPool;
import gradus.tensor.op.OpTest;
import gradus.tensor.quant.QuantConfig;
import gradus.tensor.quant.QuantizedMatrix;
import gradus.tensor.type.DType;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantizedLinearTest extends OpTest {
    private static QuantizedMatrix matrix(QuantConfig config, long seed, int rows, int columns) {
        return Draw.normal(seed, rows, columns).to(DType.FLOAT32).quantize(config);
    }

    @Override
    protected List<Example> examples() {
        QuantizedMatrix nf4 = matrix(QuantConfig.NF4_DOUBLE, 2, 5, 7);
        QuantizedMatrix eight = matrix(QuantConfig.Q8_0, 3, 3, 32);
        return List.of(
                new Example("nf4", x -> x[0].linear(nf4), Draw.normal(1, 2, 3, 7)),
                new Example("q8_0", x -> x[0].linear(eight), Draw.normal(1, 4, 32)),
                new Example("a vector", x -> x[0].linear(nf4), Draw.normal(1, 7)),
                new Example("several blocks", x -> x[0].linear(TALL), Draw.normal(1, 2, 64)),
                new Example(
                        "with a bias and two updates",
                        x -> QuantizedLinear.apply(
                                x[0],
                                nf4,
                                x[1],
                                List.of(new LowRankUpdate(x[2], x[3], 0.7), new LowRankUpdate(x[4], x[5], -2))),
                        Draw.normal(1, 17, 7),
                        Draw.normal(2, 5),
                        Draw.normal(3, 2, 7),
                        Draw.normal(4, 5, 2),
                        Draw.normal(5, 1, 7),
                        Draw.normal(6, 5, 1)));
    }

    /// More than 2¹⁹ elements: two blocks of rows.
    private static final QuantizedMatrix TALL = matrix(QuantConfig.NF4, 4, 9000, 64);

    /// The product, its transpose and what is passed back, against loops over the decoded matrix.
    @Property(tries = 200)
    void isTheLoopOverTheDecodedMatrix(
            @ForAll @IntRange(min = 1, max = 40) int rows,
            @ForAll @IntRange(min = 1, max = 70) int in,
            @ForAll @IntRange(min = 1, max = 40) int out,
            @ForAll boolean nested,
            @ForAll long seed) {
        QuantizedMatrix matrix = matrix(nested ? QuantConfig.NF4_DOUBLE : QuantConfig.NF4, seed, out, in);
        double[] w = Tensor.of(matrix).toArray();
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
        assertNear(x.linear(matrix).toArray(), y, 140 * 0x1p-53, largest(terms));
        assertNear(QuantizedLinear.transposed(dy, matrix).toArray(), dx, 140 * 0x1p-53, largest(backTerms));
        x.linear(matrix).backward(dy);
        assertNear(x.grad().toArray(), dx, 140 * 0x1p-53, largest(backTerms));
        assertNear(QuantizedLinear.plain(x, matrix).toArray(), y, 140 * 0x1p-53, largest(terms));
        Tensor narrow = x.detach().to(DType.FLOAT32).linear(matrix);
        assertNear(narrow.toArray(), y, 71 * 0x1p-24, largest(terms));
        Tensor back = QuantizedLinear.transposed(dy.to(DType.FLOAT32), matrix);
        assertNear(back.toArray(), dx, 71 * 0x1p-24, largest(backTerms));
    }

    /// A bias and updates over a quantised matrix do what they do over the decoded one, result and gradients.
    @Property(tries = 200)
    void updatesAreThoseOfTheDecodedMatrix(
            @ForAll @IntRange(min = 1, max = 40) int rows,
            @ForAll @IntRange(min = 1, max = 70) int in,
            @ForAll @IntRange(min = 1, max = 40) int out,
            @ForAll @IntRange(min = 1, max = 9) int rank,
            @ForAll boolean two,
            @ForAll long seed) {
        QuantizedMatrix matrix = matrix(QuantConfig.NF4_DOUBLE, seed, out, in);
        sameAsDecoded(matrix, rows, rank, two, seed);
    }

    /// Blocks that are cut along both sides, the last ones smaller: 1,000 rows as 512 + 488 and 1,600 columns
    /// as 576 + 576 + 448; for few rows of x, 256 · 3 + 232 whole rows. Every column of y and every term of
    /// dx is there once.
    @Test
    void blocksAreJoined() {
        QuantizedMatrix matrix = matrix(QuantConfig.NF4, 6, 1000, 1600);
        for (int rows : new int[] {3, 16}) {
            sameAsDecoded(matrix, rows, 3, true, 7);
        }
    }

    private static void sameAsDecoded(QuantizedMatrix matrix, int rows, int rank, boolean two, long seed) {
        int in = matrix.columns();
        int out = matrix.rows();
        List<Tensor> given = new ArrayList<>();
        int[][] shapes = {{rows, in}, {out}, {rank, in}, {out, rank}, {1, in}, {out, 1}};
        for (int[] shape : shapes) {
            given.add(Draw.normal(seed + given.size(), shape));
        }
        given.add(Draw.normal(seed + 9, rows, out)); // dY
        Tensor w = Tensor.of(matrix).to(DType.FLOAT64);
        List<double[]> expected = outcome(given, two, -1, w, null);
        List<double[]> sizes = outcome(
                given.stream().map(each -> each.detach().abs()).toList(), two, 1, w.abs(), null); // of the terms
        for (DType dtype : DType.values()) {
            List<Tensor> narrow = given.stream().map(each -> each.to(dtype)).toList();
            List<double[]> ours = outcome(narrow, two, -1, null, matrix);
            // Products of at most four numbers, each rounded when it was made narrow, and sums over the sides.
            double roundings = in + out + rows + 2 * rank + 11;
            double tolerance = 2 * roundings * (dtype == DType.FLOAT32 ? 0x1p-24 : 0x1p-53);
            for (int i = 0; i < expected.size(); i++) {
                assertNear(ours.get(i), expected.get(i), tolerance, largest(sizes.get(i)));
            }
        }
    }

    /// The result and the gradients by x, bias and updates, over a matrix or, in plain operations, over w.
    private static List<double[]> outcome(
            List<Tensor> given, boolean two, double second, Tensor w, QuantizedMatrix matrix) {
        List<Tensor> inputs = given.subList(0, two ? 6 : 4);
        inputs.forEach(each -> each.requireGrad().zeroGrad());
        List<LowRankUpdate> updates = new ArrayList<>();
        updates.add(new LowRankUpdate(inputs.get(2), inputs.get(3), 0.7));
        if (two) {
            updates.add(new LowRankUpdate(inputs.get(4), inputs.get(5), second));
        }
        Tensor y = matrix == null
                ? LowRankLinear.plain(inputs.get(0), w, inputs.get(1), updates)
                : QuantizedLinear.apply(inputs.get(0), matrix, inputs.get(1), updates);
        y.backward(given.getLast());
        List<double[]> results = new ArrayList<>(List.of(y.toArray()));
        inputs.forEach(each -> results.add(each.grad().toArray()));
        return results;
    }

    /// A matrix of 32 MiB in float32 is multiplied, forward and back, within a block's two megabytes beside the
    /// results, whether x has few rows or many.
    @ParameterizedTest
    @ValueSource(ints = {2, 64})
    void theWholeMatrixNeverExistsInFloat32(int few) {
        int rows = 4096;
        int columns = 2048;
        QuantizedMatrix matrix;
        try (var scope = Scope.open()) {
            matrix = Tensor.ones(rows, columns).mul(0.5).quantize(QuantConfig.NF4_DOUBLE);
        }
        BufferPool.trim();
        long before =
                BufferPool.statistics().bytesHeld() - BufferPool.statistics().bytesFree();
        try (var scope = Scope.open()) {
            Tensor x = Tensor.ones(few, columns).requireGrad();
            Tensor y = x.linear(matrix);
            y.backward(Tensor.ones(few, rows));
            assertThat(y.get(1, 4095)).isEqualTo(0.5 * columns);
            assertThat(x.grad().get(1, 2047)).isEqualTo(0.5 * rows);
        }
        long peak = BufferPool.statistics().bytesHeld() - before; // nothing was handed back since
        long results = 4L * few * (3 * columns + 2 * rows);
        long block = 4L << 19;
        assertThat(peak).isBetween(block / 2, block + 2 * results + (1 << 16));
        assertThat(block).isLessThan(4L * rows * columns / 15);
        assertThat(matrix.bytes()).isEqualTo(rows * columns / 2 + rows * columns / 64 + 4 * (512 + 1));
    }

    @Test
    void sizesThatDoNotFitAreRefused() { // BAD-INPUT 6, 8, 14
        QuantizedMatrix matrix = matrix(QuantConfig.NF4, 1, 4, 5);
        assertThatThrownBy(() -> Tensor.ones(2, 3).linear(matrix))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("x must be (..., in) and weight (out, in); got (2, 3) and (4, 5)");
        assertThatThrownBy(() -> QuantizedLinear.transposed(Tensor.ones(2, 5), matrix))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("dy must be (..., out) and weight (out, in); got (2, 5) and (4, 5)");
        assertThatThrownBy(() -> Tensor.ones(5).linear((QuantizedMatrix) null)).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> QuantizedLinear.apply(null, matrix)).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> QuantizedLinear.plain(null, matrix)).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> QuantizedLinear.plain(Tensor.ones(5), null)).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> QuantizedLinear.transposed(null, matrix)).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> Tensor.scalar(1).linear(matrix)).isInstanceOf(ShapeException.class);
    }

    @Test
    void noGraphIsKeptByTheTranspose() {
        Tensor dy = Tensor.ones(1, 4).requireGrad();
        assertThat(QuantizedLinear.transposed(dy, matrix(QuantConfig.NF4, 1, 4, 5))
                        .requiresGrad())
                .isFalse();
    }
}
