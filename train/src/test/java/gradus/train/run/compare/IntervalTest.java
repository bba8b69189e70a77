package gradus.train.run.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class IntervalTest {
    /// Of commons-math's quantiles, which end at a relative difference of 1e-9.
    private static final double TOLERANCE = 1e-8;

    /// `scipy.stats.ttest_1samp([0.7, 0.9, 1.6, 1.5, -0.2], 0).confidence_interval(0.95)`, SciPy 1.16.
    @Test
    void aMeanHasTheIntervalOfStudent() {
        Interval interval = Interval.of(List.of(0.7, 0.9, 1.6, 1.5, -0.2));
        assertThat(interval.mean()).isEqualTo(0.9, within(TOLERANCE));
        assertThat(interval.half()).isEqualTo(0.8996710395075317, within(TOLERANCE));
        assertThat(interval.excludesZero()).isTrue();
    }

    /// `scipy.stats.ttest_ind(b, a, equal_var=False).confidence_interval(0.95)`, SciPy 1.16.
    @Test
    void aDifferenceHasTheIntervalOfWelch() {
        Interval interval = Interval.ofDifference(List.of(3.1, 2.9, 3.4), List.of(2.5, 2.75, 2.6, 2.2));
        assertThat(interval.mean()).isEqualTo(-0.6208333333333331, within(TOLERANCE));
        assertThat(interval.half()).isEqualTo(0.5058732710540923, within(TOLERANCE));
    }

    @Test
    void oneValueSaysNothingOfChance() {
        assertThat(Interval.of(List.of(2.0))).hasToString("2.0000");
        assertThat(Interval.of(List.of(2.0)).excludesZero()).isFalse();
        assertThat(Interval.of(List.of()).mean()).isNaN();
        assertThat(Interval.ofDifference(List.of(1.0), List.of(2.0, 3.0)).half())
                .isNaN();
        assertThat(Interval.ofDifference(List.of(1.0, 1.0), List.of(2.0, 2.0))).isEqualTo(new Interval(1, 0));
    }

    @Property(tries = 200)
    void movingTheValuesMovesTheMeanAlone(
            @ForAll @Size(min = 2, max = 9) List<@DoubleRange(min = -50, max = 50) Double> values,
            @ForAll @DoubleRange(min = -50, max = 50) double by) {
        Interval moved = Interval.of(values.stream().map(x -> x + by).toList());
        Interval interval = Interval.of(values);
        // Sums of at most 9 numbers of at most 100; with one degree of freedom t is 12.7.
        assertThat(moved.mean()).isEqualTo(interval.mean() + by, within(1e-11));
        assertThat(moved.half()).isEqualTo(interval.half(), within(1e-5));
    }

    @Property(tries = 200)
    void aDifferenceTurnedRoundIsItsNegative(
            @ForAll @Size(min = 2, max = 9) List<@DoubleRange(min = -50, max = 50) Double> a,
            @ForAll @Size(min = 2, max = 9) List<@DoubleRange(min = -50, max = 50) Double> b) {
        Interval one = Interval.ofDifference(a, b);
        Interval other = Interval.ofDifference(b, a);
        assertThat(other.mean()).isEqualTo(-one.mean());
        assertThat(other.half()).isEqualTo(one.half(), within(1e-9 * Math.max(1, one.half())));
    }
}
