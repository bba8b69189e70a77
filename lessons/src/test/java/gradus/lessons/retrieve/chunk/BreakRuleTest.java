package gradus.lessons.retrieve.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BreakRuleTest {
    private static final double PERCENT = 95;

    private static List<BreakRule> rules() {
        return List.of(
                new BreakRule.Percentile(PERCENT),
                new BreakRule.Deviation(3),
                new BreakRule.Interquartile(1.5),
                new BreakRule.Gradient(PERCENT),
                new BreakRule.NumberOfChunks(3));
    }

    static Stream<Golden.Rules> golden() throws IOException {
        return Golden.read().rules().stream();
    }

    @ParameterizedTest
    @MethodSource("golden")
    void asNumPy(Golden.Rules golden) {
        double[] d = golden.distances();
        golden.percentiles()
                .forEach((percent, value) ->
                        // two roundings of numbers below 1
                        assertThat(BreakRule.percentile(percent, d)).isCloseTo(value, within(4e-16)));
        assertThat(new BreakRule.Percentile(PERCENT).breaks(d)).isEqualTo(golden.percentile());
        assertThat(new BreakRule.Deviation(1.2).breaks(d)).isEqualTo(golden.deviation());
        assertThat(new BreakRule.Interquartile(0.5).breaks(d)).isEqualTo(golden.interquartile());
        assertThat(new BreakRule.Gradient(PERCENT).breaks(d)).isEqualTo(golden.gradient());
        golden.chunks()
                .forEach((n, breaks) -> assertThat(new BreakRule.NumberOfChunks(n).breaks(d))
                        .as("%s chunks", n)
                        .isEqualTo(breaks));
    }

    @Test
    void byHand() {
        double[] d = {0.1, 0.2, 0.3, 0.4};
        assertThat(BreakRule.percentile(50, d)).isCloseTo(0.25, within(1e-15));
        assertThat(BreakRule.percentile(95, d)).isCloseTo(0.385, within(1e-15));
        assertThat(new BreakRule.Percentile(50).breaks(d)).containsExactly(false, false, true, true);
        assertThat(new BreakRule.Gradient(50).breaks(0, 0, 1, 1)).containsExactly(false, true, true, false);
        assertThat(new BreakRule.Deviation(1).breaks(0, 0, 0, 4)).containsExactly(false, false, false, true);
        // mean 1, σ = √(12 / 4) = 1.73 and not √(12 / 3) = 2: the threshold is 3.77, not 4.2
        assertThat(new BreakRule.Deviation(1.6).breaks(0, 0, 0, 4)).containsExactly(false, false, false, true);
    }

    @Property(tries = 200)
    void equalDistancesGiveNoCut(
            @ForAll @DoubleRange(min = 0, max = 2) double distance, @ForAll @IntRange(min = 1, max = 60) int count) {
        double[] d = new double[count];
        java.util.Arrays.fill(d, (float) distance); // a float: sums of up to 60 are exact, and so is their mean
        for (BreakRule rule : rules()) {
            assertThat(rule.breaks(d)).as(rule.toString()).containsOnly(false);
        }
    }

    /// Distances scaled and moved are cut at the same places.
    @Property(tries = 200)
    void unitsDoNotMatter(@ForAll @IntRange(min = 0, max = 99999) int seed) {
        java.util.Random random = new java.util.Random(seed);
        double[] d = random.doubles(2 + seed % 30)
                .map(x -> Math.rint(x * 1024) / 1024)
                .toArray();
        double[] moved = java.util.Arrays.stream(d).map(x -> 4 * x + 1).toArray();
        for (BreakRule rule : rules()) {
            assertThat(rule.breaks(moved)).as(rule.toString()).isEqualTo(rule.breaks(d));
        }
    }

    @Test
    void badSettings() {
        assertThatThrownBy(() -> new BreakRule.Percentile(101)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new BreakRule.Gradient(Double.NaN)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new BreakRule.Deviation(-1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new BreakRule.Interquartile(Double.POSITIVE_INFINITY))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new BreakRule.NumberOfChunks(0)).isInstanceOf(ConfigException.class);
    }
}
