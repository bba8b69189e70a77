package gradus.lessons.retrieve.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ChanceTest {
    private static double[] gaussian(Rng rng, int n) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = rng.gaussian(i);
        }
        return values;
    }

    /// All 2ⁿ signs. The share of n = 2,000 draws deviates by 0.0112 at most (one standard deviation), ten of
    /// 200 tries by more than twice that; five is never seen.
    @Property(tries = 200)
    void pIsTheShareOfAllSigns(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 10) int n,
            @ForAll @DoubleRange(min = 0, max = 1) double lead) {
        double[] one = gaussian(Rng.of(seed).at(1), n);
        double[] other = gaussian(Rng.of(seed).at(2), n);
        double measured = 0;
        for (int i = 0; i < n; i++) {
            one[i] += lead;
            measured += one[i] - other[i];
        }
        int asFar = 0;
        for (int signs = 0; signs < 1 << n; signs++) {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                sum += (signs >> i & 1) == 0 ? one[i] - other[i] : other[i] - one[i];
            }
            asFar += Math.abs(sum) >= Math.abs(measured) - 1e-9 ? 1 : 0;
        }
        assertThat(PairedRandomisation.pValue(one, other, seed, 2000))
                .isCloseTo(asFar / (double) (1 << n), within(5 * 0.0112))
                .isEqualTo(PairedRandomisation.pValue(other, one, seed, 2000));
    }

    @Test
    void equalValuesDoNotDiffer() {
        double[] values = gaussian(Rng.of(1), 50);
        assertThat(PairedRandomisation.pValue(values, values, 1)).isEqualTo(1);
        double[] better = Arrays.stream(values).map(x -> x + 0.1).toArray();
        assertThat(PairedRandomisation.pValue(better, values, 1)).isEqualTo(1 / 10_001.0);
    }

    /// The mean of 100 numbers of the normal distribution is in the 95 % interval of 94 % of all samples (the
    /// bootstrap's are a little too narrow); of 400 samples, 376 ± 4.7.
    @Test
    void theIntervalHoldsTheMeanAsOftenAsItSays() {
        int held = 0;
        double width = 0;
        for (int sample = 0; sample < 400; sample++) {
            Bootstrap interval = Bootstrap.of(gaussian(Rng.of(9).at(sample), 100), sample, 1000, 0.95);
            held += interval.low() <= 0 && 0 <= interval.high() ? 1 : 0;
            width += interval.high() - interval.low();
        }
        assertThat(held).isBetween(376 - 24, 376 + 19);
        assertThat(width / 400).isCloseTo(2 * 1.96 / 10, within(0.01));
    }

    @Property(tries = 200)
    void shiftedAndStretchedAlike(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 30) int n,
            @ForAll @DoubleRange(min = 0.1, max = 10) double slope,
            @ForAll @DoubleRange(min = -10, max = 10) double shift) {
        double[] values = gaussian(Rng.of(seed), n);
        Bootstrap one = Bootstrap.of(values, seed, 100, 0.9);
        Bootstrap other =
                Bootstrap.of(Arrays.stream(values).map(x -> slope * x + shift).toArray(), seed, 100, 0.9);
        assertThat(one.mean()).isCloseTo(Arrays.stream(values).average().orElseThrow(), within(1e-12));
        assertThat(one.low()).isLessThanOrEqualTo(one.high());
        assertThat(other.low()).isCloseTo(slope * one.low() + shift, within(1e-11));
        assertThat(other.high()).isCloseTo(slope * one.high() + shift, within(1e-11));
    }

    @Test
    void whatIsOutsideItsRange() {
        assertThatThrownBy(() -> Bootstrap.of(new double[0], 1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> Bootstrap.of(new double[1], 1, 0, 0.9)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> Bootstrap.of(new double[1], 1, 9, 1)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> PairedRandomisation.pValue(new double[2], new double[3], 1))
                .isInstanceOf(ConfigException.class)
                .hasMessage("both ways need values of the same questions; got 2 and 3");
        assertThatThrownBy(() -> PairedRandomisation.pValue(new double[0], new double[0], 1))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> PairedRandomisation.pValue(new double[1], new double[1], 1, 0))
                .isInstanceOf(ConfigException.class);
    }
}
