package gradus.tensor.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.error.NumericException;
import gradus.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// What holds for every block format. That Q8_0 and Q4_0 are llama.cpp's and NF4 is bitsandbytes' is shown
/// where their files are read.
class BlockFormatTest {
    @Provide
    Arbitrary<BlockFormat> formats() {
        return Arbitraries.of(new Nf4(), new Q8_0(), new Q4_0());
    }

    /// Ordinary numbers of any size that float16 scales can hold, sometimes with zeros and equal magnitudes.
    private static float[] block(Random random, int count) {
        int scale = random.nextInt(-12, 12);
        int kind = random.nextInt(4);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            float value = Math.scalb((float) random.nextGaussian(), scale);
            values[i] =
                    kind == 0 && random.nextBoolean() ? 0 : kind == 1 ? Math.scalb(Math.signum(value), scale) : value;
        }
        return values;
    }

    private static float[] back(BlockFormat format, float[] values) {
        return QuantizedMatrix.of(values, 1, values.length, format).dequantize();
    }

    @Property(tries = 200)
    void noElementIsFartherThanTheBound(@ForAll("formats") BlockFormat format, @ForAll Random random) {
        float[] values = block(random, format.blockSize());
        byte[] codes = new byte[format.codeBytes(values.length)];
        float scale = format.quantize(values, 0, values.length, codes, 0);
        float[] back = back(format, values);
        for (int i = 0; i < values.length; i++) {
            assertThat(Math.abs((double) back[i] - values[i])).isLessThanOrEqualTo(format.errorBound(scale));
        }
    }

    /// The bounds are no larger than the formats are coarse: an element half way between two levels comes
    /// near them.
    @Test
    void theBoundsAreTight() {
        float[] nf4 = new float[64];
        nf4[0] = -1;
        nf4[1] = -0.8481f; // half way in the widest gap
        assertThat(new Nf4().errorBound(1)).isBetween(0.1518, 0.1520);
        assertThat(Math.abs(back(new Nf4(), nf4)[1] - nf4[1])).isBetween(0.1518f, 0.1520f);
        float[] eight = new float[32];
        eight[0] = 127;
        eight[1] = 0.5f;
        assertThat(new Q8_0().errorBound(1)).isBetween(0.5, 0.57);
        assertThat(back(new Q8_0(), eight)[1]).isEqualTo(1);
        float[] four = new float[32];
        four[0] = -8;
        four[1] = 8; // cut to 7
        assertThat(new Q4_0().errorBound(1)).isBetween(1.0, 1.01);
        assertThat(back(new Q4_0(), four)).startsWith(-8, 7);
    }

    /// What has been decoded is encoded to the same numbers: levels are their own nearest, and the scale
    /// comes again.
    @Property(tries = 200)
    void onceMoreChangesNothing(@ForAll("formats") BlockFormat format, @ForAll Random random) {
        float[] once = back(format, block(random, 3 * format.blockSize()));
        assertThat(back(format, once)).isEqualTo(once);
    }

    @Property(tries = 200)
    void orderIsKept(@ForAll("formats") BlockFormat format, @ForAll Random random) {
        float[] values = block(random, format.blockSize());
        Arrays.sort(values);
        float[] back = back(format, values);
        for (int i = 1; i < back.length; i++) {
            assertThat(back[i]).isGreaterThanOrEqualTo(back[i - 1]);
        }
    }

    /// A change in one block does not reach another.
    @Property(tries = 200)
    void blocksAreIndependent(@ForAll("formats") BlockFormat format, @ForAll Random random) {
        int size = format.blockSize();
        float[] values = block(random, 4 * size);
        float[] other = values.clone();
        int changed = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            other[changed * size + i] = 3 * values[i] + 1;
        }
        float[] one = back(format, values);
        float[] two = back(format, other);
        for (int block = 0; block < 4; block++) {
            if (block != changed) {
                assertThat(Arrays.copyOfRange(two, block * size, (block + 1) * size))
                        .isEqualTo(Arrays.copyOfRange(one, block * size, (block + 1) * size));
            }
        }
    }

    /// Scaling by a power of two scales the decoded numbers, and the codes stay.
    @Property(tries = 200)
    void codesDoNotDependOnTheScale(
            @ForAll("formats") BlockFormat format,
            @ForAll Random random,
            @ForAll @IntRange(min = -2, max = 2) int power) {
        float[] values = block(random, format.blockSize());
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.scalb(values[i], values[i] == 0 ? 0 : 2); // away from float16's denormal numbers
        }
        float[] scaled = new float[values.length];
        float[] expected = back(format, values);
        for (int i = 0; i < values.length; i++) {
            scaled[i] = Math.scalb(values[i], power);
            expected[i] = Math.scalb(expected[i], power);
        }
        byte[] codes = new byte[format.codeBytes(values.length)];
        byte[] scaledCodes = codes.clone();
        format.quantize(values, 0, values.length, codes, 0);
        format.quantize(scaled, 0, values.length, scaledCodes, 0);
        assertThat(scaledCodes).isEqualTo(codes);
        if (format.scaleBytes() == Float.BYTES) {
            assertThat(back(format, scaled)).isEqualTo(expected);
        }
    }

    // --- NF4 by its definition

    /// Among all 16 levels, none is nearer than the one that is taken, up to the roundings of x/d.
    @Property(tries = 200)
    void nf4TakesTheNearestLevel(@ForAll Random random, @ForAll @IntRange(min = 1, max = 64) int count) {
        float[] values = block(random, count);
        byte[] codes = new byte[(count + 1) / 2];
        float scale = new Nf4().quantize(values, 0, count, codes, 0);
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat((double) scale).isEqualTo(count < 64 ? Math.max(largest, 1e-38f) : largest);
        float[] levels = Nf4.levels();
        for (int i = 0; i < count; i++) {
            double x = scale == 0 ? 0 : values[i] / (double) scale;
            double best = Double.MAX_VALUE;
            for (float level : levels) {
                best = Math.min(best, Math.abs(x - level));
            }
            int code = i % 2 == 0 ? codes[i / 2] >> 4 & 0xF : codes[i / 2] & 0xF;
            assertThat(Math.abs(x - levels[code])).isLessThanOrEqualTo(best + 4 * 0x1p-24);
        }
        if (count % 2 != 0) {
            assertThat(codes[count / 2] & 0xF).isEqualTo(7); // a zero
        }
    }

    /// Within a few float32 of each midpoint, the rounding of x/d decides: a full block multiplies by 1/d, a
    /// ragged one divides, as the reference does.
    @Property(tries = 200)
    void nf4RoundsAsTheReferenceDoes(@ForAll Random random, @ForAll boolean ragged) {
        float[] levels = Nf4.levels();
        float[] values = new float[ragged ? 62 : 64];
        float scale = Math.scalb(1 + random.nextFloat(), random.nextInt(-20, 20));
        values[0] = -scale;
        for (int i = 1; i < values.length; i++) {
            float midpoint = (levels[i % 15] + levels[i % 15 + 1]) / 2;
            values[i] = midpoint * scale + random.nextInt(-2, 3) * Math.ulp(midpoint * scale);
        }
        byte[] codes = new byte[32];
        new Nf4().quantize(values, 0, values.length, codes, 0);
        for (int i = 0; i < values.length; i++) {
            float x = ragged ? values[i] / scale : values[i] * (1 / scale);
            int expected = 0;
            for (int level = 0; level < 15; level++) {
                expected += (levels[level] + levels[level + 1]) / 2 < x ? 1 : 0;
            }
            int code = i % 2 == 0 ? codes[i / 2] >> 4 & 0xF : codes[i / 2] & 0xF;
            assertThat(code).isEqualTo(expected);
        }
    }

    /// A tie goes to the lower level. The midpoint of 0 and 0.0796 is a float32, and so is a block's 1.
    @Test
    void tiesGoDown() {
        float[] levels = Nf4.levels();
        float[] values = new float[64];
        values[0] = 1;
        for (int i = 1; i < 16; i++) {
            values[i] = (levels[i - 1] + levels[i]) / 2;
            values[16 + i] = Math.nextUp(values[i]);
        }
        float[] back = back(new Nf4(), values);
        for (int i = 1; i < 16; i++) {
            assertThat(back[i]).isEqualTo(levels[i - 1]);
            assertThat(back[16 + i]).isEqualTo(levels[i]);
        }
    }

    /// REFERENCE: the quantiles of the normal distribution, by the complementary error function's series.
    @Test
    void nf4LevelsAreTheNormalDistributionsQuantiles() {
        double delta = 1 - (1 / 30.0 + 1 / 32.0) / 2;
        double[] expected = new double[16];
        for (int i = 0; i < 8; i++) {
            expected[15 - i] = quantile(delta + (0.5 - delta) * i / 8);
        }
        for (int i = 0; i < 7; i++) {
            expected[i] = -quantile(delta + (0.5 - delta) * i / 7);
        }
        for (int i = 0; i < 16; i++) {
            assertThat((double) Nf4.levels()[i])
                    .isCloseTo(expected[i] / quantile(delta), org.assertj.core.api.Assertions.within(1e-6));
        }
    }

    /// Φ⁻¹ by bisection of a sum of the density.
    private static double quantile(double p) {
        double low = 0;
        double high = 4;
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            if (0.5 + area(middle) < p) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// The density's integral from 0, by Simpson's rule.
    private static double area(double x) {
        int steps = 200;
        double h = x / steps;
        double sum = 0;
        for (int i = 0; i <= steps; i++) {
            double weight = i == 0 || i == steps ? 1 : i % 2 == 0 ? 2 : 4;
            sum += weight * Math.exp(-i * h * i * h / 2);
        }
        return sum * h / 3 / Math.sqrt(2 * Math.PI);
    }

    // --- what cannot be

    @Test
    void numbersThatCannotBeStoredAreNamed() {
        for (BlockFormat format : new BlockFormat[] {new Nf4(), new Q8_0(), new Q4_0()}) {
            for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                float[] values = new float[64];
                values[33] = bad;
                assertThatThrownBy(() -> Tensor.of(values, 2, 32).quantize(format))
                        .isInstanceOf(NumericException.class)
                        .hasMessageContaining(format.name() + ": element (1, 1) is " + bad);
            }
        }
        Tensor huge = Tensor.full(3e38f, 2, 32);
        assertThat(huge.quantize(new Nf4()).dequantize()).containsOnly(3e38f);
        assertThatThrownBy(() -> huge.quantize(new Q8_0())).isInstanceOf(NumericException.class);
        assertThatThrownBy(() -> huge.quantize(new Q4_0())).isInstanceOf(NumericException.class);
    }

    @Test
    void rowsMustBeWholeBlocksWhereBlocksStayInThem() { // BAD-INPUT 31
        assertThatThrownBy(() -> Tensor.ones(2, 48).quantize(new Q8_0()))
                .isInstanceOf(ConfigException.class)
                .hasMessage("q8_0: a row must be whole blocks of 32; got rows of 48");
        assertThat(Tensor.ones(2, 48).quantize(new Nf4()).dequantize()).containsOnly(1);
    }
}
