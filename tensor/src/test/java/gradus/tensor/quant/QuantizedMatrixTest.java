package gradus.tensor.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.tensor.Draw;
import gradus.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class QuantizedMatrixTest {
    @Provide
    Arbitrary<QuantConfig> configs() {
        return Arbitraries.of(QuantConfig.ALL);
    }

    private static QuantizedMatrix matrix(QuantConfig config, long seed, int rows, int columns) {
        int fitting = config.format().acrossRows() ? columns : 32 * Math.ceilDiv(columns, 32);
        return Draw.normal(seed, rows, fitting).quantize(config);
    }

    /// Any rows come out as they do from the whole, wherever blocks begin.
    @Property(tries = 200)
    void rowsAreThoseOfTheWhole(
            @ForAll("configs") QuantConfig config,
            @ForAll @IntRange(min = 1, max = 20) int rows,
            @ForAll @IntRange(min = 1, max = 90) int columns,
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 19) int a,
            @ForAll @IntRange(min = 0, max = 19) int b) {
        QuantizedMatrix matrix = matrix(config, seed, rows, columns);
        float[] whole = matrix.dequantize();
        int from = Math.min(a, b) % rows;
        int to = Math.max(from, Math.min(rows, Math.max(a, b)));
        float[] some = new float[(to - from) * matrix.columns() + 1];
        some[some.length - 1] = 7;
        matrix.dequantize(from, to, some);
        assertThat(Arrays.copyOf(some, some.length - 1))
                .isEqualTo(Arrays.copyOfRange(whole, from * matrix.columns(), to * matrix.columns()));
        assertThat(some[some.length - 1]).isEqualTo(7);
    }

    /// Any rectangle, too.
    @Property(tries = 200)
    void rectanglesAreThoseOfTheWhole(
            @ForAll("configs") QuantConfig config,
            @ForAll @IntRange(min = 1, max = 9) int rows,
            @ForAll @IntRange(min = 1, max = 200) int columns,
            @ForAll long seed) {
        QuantizedMatrix matrix = matrix(config, seed, rows, columns);
        float[] whole = matrix.dequantize();
        Random random = new Random(seed);
        int[] row = random.ints(2, 0, rows + 1).sorted().toArray();
        int[] column = random.ints(2, 0, matrix.columns() + 1).sorted().toArray();
        int width = column[1] - column[0];
        float[] some = new float[(row[1] - row[0]) * width + 1];
        some[some.length - 1] = 7;
        matrix.dequantize(row[0], row[1], column[0], column[1], some);
        for (int i = 0; i < row[1] - row[0]; i++) {
            for (int j = 0; j < width; j++) {
                assertThat(some[i * width + j]).isEqualTo(whole[(row[0] + i) * matrix.columns() + column[0] + j]);
            }
        }
        assertThat(some[some.length - 1]).isEqualTo(7);
    }

    /// On the heap and off it; the formula for bytes; the same and not the same.
    @Property(tries = 200)
    void itsMemoryIsWhatTheFormulaSays(
            @ForAll("configs") QuantConfig config,
            @ForAll @IntRange(min = 1, max = 20) int rows,
            @ForAll @IntRange(min = 1, max = 90) int columns,
            @ForAll long seed) {
        QuantizedMatrix matrix = matrix(config, seed, rows, columns);
        assertThat(matrix.bytes()).isEqualTo(config.bytes((long) rows * matrix.columns()));
        QuantizedMatrix off = matrix.offHeap();
        assertThat(off.codes().isNative()).isTrue();
        assertThat(matrix.codes().isNative()).isFalse();
        assertThat(off.same(matrix)).isTrue();
        assertThat(off.dequantize()).isEqualTo(matrix.dequantize());
        assertThat(matrix(config, seed + 1, rows, columns).same(matrix)).isFalse();
    }

    @Test
    void bitsOfALargeMatrix() {
        long elements = 1L << 30;
        double[] expected = {4.127, 4.5, 8.5, 4.5};
        for (int i = 0; i < expected.length; i++) {
            QuantConfig config = QuantConfig.ALL.get(i);
            assertThat(8.0 * config.bytes(elements) / elements)
                    .isCloseTo(expected[i], org.assertj.core.api.Assertions.within(5e-4));
            assertThat(config.bitsPerElement()).isCloseTo(expected[i], org.assertj.core.api.Assertions.within(5e-4));
            assertThat(QuantConfig.named(config.name().toUpperCase(java.util.Locale.ROOT)))
                    .isEqualTo(config);
        }
    }

    @Test
    void doubleQuantisationKeepsTheCodes() {
        QuantizedMatrix plain = matrix(QuantConfig.NF4, 3, 9, 50);
        QuantizedMatrix nested = plain.doubleQuantized();
        assertThat(nested.codes().mismatch(plain.codes())).isEqualTo(-1);
        assertThat(nested.same(plain)).isFalse();
        assertThatThrownBy(nested::doubleQuantized).isInstanceOf(ConfigException.class);
        assertThatThrownBy(matrix(QuantConfig.Q8_0, 3, 2, 32)::doubleQuantized)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("scales must be float32");
        assertThatThrownBy(() -> new QuantConfig(new Q4_0(), true)).isInstanceOf(ConfigException.class);
    }

    @Test
    void partsThatDoNotFitAreRefused() {
        Nf4 nf4 = new Nf4();
        MemorySegment codes = MemorySegment.ofArray(new byte[32]);
        FloatScales one = new FloatScales(new float[1]);
        assertThatThrownBy(() -> new QuantizedMatrix(8, 9, nf4, codes, one))
                .isInstanceOf(ConfigException.class)
                .hasMessage("quantised matrix: 8 × 9 in nf4 has 36 bytes of codes; got 32");
        assertThatThrownBy(() -> new QuantizedMatrix(8, 8, nf4, codes, new FloatScales(new float[2])))
                .isInstanceOf(ConfigException.class)
                .hasMessage("quantised matrix: 8 × 8 in nf4 has 1 blocks; got 2 scales");
        assertThatThrownBy(() -> new QuantizedMatrix(0, 8, nf4, codes, one)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new QuantizedMatrix(1 << 20, 1 << 20, nf4, codes, one))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("1048576 × 1048576");
        assertThatThrownBy(() -> new QuantizedMatrix(8, 8, null, codes, one)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> Tensor.ones(8).quantize(nf4)).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> Tensor.ones(2, 2).quantize((BlockFormat) null)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> QuantConfig.named("nf5"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("quantisation must be one of nf4-double, nf4, q8_0, q4_0; got nf5");
        QuantizedMatrix matrix = new QuantizedMatrix(8, 8, nf4, codes, one);
        assertThatThrownBy(() -> matrix.dequantize(0, 9, new float[72])).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> matrix.dequantize(2, 1, new float[72])).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> matrix.dequantize(0, 8, new float[63])).isInstanceOf(ConfigException.class);
        float[] room = new float[100];
        assertThatThrownBy(() -> matrix.dequantize(0, 8, -1, 8, room)).hasMessageContaining("columns -1 to 8");
        assertThatThrownBy(() -> matrix.dequantize(0, 8, 0, 9, room)).hasMessageContaining("columns 0 to 9");
        assertThatThrownBy(() -> matrix.dequantize(0, 8, 3, 2, room)).hasMessageContaining("columns 3 to 2");
        assertThatThrownBy(() -> matrix.dequantize(-1, 8, 0, 8, room)).hasMessageContaining("rows -1 to 8");
        assertThatThrownBy(() -> matrix.dequantize(0, 8, 1, 3, new float[15])).hasMessageContaining("8 × 2");
    }

    @Test
    void printsItsSizeFormatAndBytes() {
        Tensor weight = Tensor.zeros(2, 64);
        assertThat(weight.quantize(QuantConfig.Q8_0)) // 4 blocks of 32 bytes and a scale of 2
                .hasToString("QuantizedMatrix(2 × 64, q8_0, 136 bytes)");
        assertThat(weight.quantize(QuantConfig.NF4)) // 64 bytes and a scale of 4 for each block of 64
                .hasToString("QuantizedMatrix(2 × 64, nf4, 72 bytes)");
    }
}
