package gradus.tensor.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.NumericException;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Bitsandbytes' bytes stand in the tests of its files; here is what must hold of any double quantisation.
class NestedScalesTest {
    /// Exponent by exponent, in real numbers.
    @Test
    void theMapIsItsDefinition() {
        TreeSet<Double> expected = new TreeSet<>();
        for (int i = 0; i < 7; i++) {
            int steps = 1 << i;
            for (int j = 0; j < steps; j++) {
                double mean = 0.1 + 0.9 * (j + 0.5) / steps;
                expected.add(mean * Math.pow(10, i - 6));
                expected.add(-mean * Math.pow(10, i - 6));
            }
        }
        expected.add(0.0);
        expected.add(1.0);
        float[] levels = DynamicMap.levels();
        assertThat(levels).hasSize(256).isSorted();
        int i = 0;
        for (double level : expected) {
            assertThat((double) levels[i++]).isCloseTo(level, within(4 * 0x1p-24 * Math.abs(level)));
        }
    }

    /// A cascade of n numbers rounds each of them at most once on a level and once for each of 4 levels of 2⁴
    /// terms or more, 4 columns and 8 lanes; 100 roundings are far more than that for these counts.
    @Property(tries = 200)
    void theCascadeIsTheSum(@ForAll @IntRange(min = 1, max = 5000) int count, @ForAll Random random) {
        float[] values = new float[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat();
            sum += values[i];
        }
        assertThat((double) CascadeSum.of(values)).isCloseTo(sum, within(100 * 0x1p-24 * sum));
    }

    /// Whole numbers add up exactly in any order, so every one is there once.
    @Property(tries = 200)
    void everyTermIsAddedOnce(@ForAll @IntRange(min = 1, max = 4000) int count, @ForAll Random random) {
        float[] values = new float[count];
        long sum = 0;
        for (int i = 0; i < count; i++) {
            values[i] = random.nextInt(1000);
            sum += (long) values[i];
        }
        assertThat(CascadeSum.of(values)).isEqualTo((float) sum);
    }

    /// Half of the widest gap between levels, 0.0141 at the ends, of the block's largest distance from the
    /// mean; and roundings of the distance, the product and the sum.
    @Property(tries = 200)
    void scalesComeBackWithinTheBound(@ForAll @IntRange(min = 1, max = 700) int count, @ForAll Random random) {
        float[] scales = new float[count];
        for (int i = 0; i < count; i++) {
            scales[i] = 0.5f + random.nextFloat();
        }
        NestedScales nested = NestedScales.of(scales);
        assertThat(nested.count()).isEqualTo(count);
        assertThat(nested.bytes()).isEqualTo(count + 4L * ((count + 255) / 256) + 4);
        for (int i = 0; i < count; i++) {
            double bound = 0.0142 / 2 * nested.absmax()[i / 256] + 4 * 0x1p-24 * 2;
            assertThat((double) nested.get(i)).isCloseTo(scales[i], within(bound));
        }
    }

    @Test
    void equalScalesAreExact() {
        float[] scales = new float[300];
        Arrays.fill(scales, 0.375f);
        NestedScales nested = NestedScales.of(scales);
        for (int i = 0; i < scales.length; i++) {
            assertThat(nested.get(i)).isEqualTo(0.375f);
        }
    }

    @Test
    void whatCannotBeIsRefused() {
        float[] huge = new float[4];
        Arrays.fill(huge, 3e38f);
        assertThatThrownBy(() -> NestedScales.of(huge))
                .isInstanceOf(NumericException.class)
                .hasMessageContaining("sum is beyond float32");
        assertThatThrownBy(() -> new NestedScales(new byte[257], new float[1], 0))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("257 codes have 2 blocks of 256; got 1");
    }
}
