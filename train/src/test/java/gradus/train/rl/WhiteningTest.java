package gradus.train.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WhiteningTest {
    private static double[][] draw(int[] lengths, long seed) {
        double[][] rows = new double[lengths.length][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new double[lengths[i]];
            for (int t = 0; t < lengths[i]; t++) {
                rows[i][t] = Rng.of(seed).at(i).gaussian(t);
            }
        }
        return rows;
    }

    private static double[] flat(double[][] rows) {
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    }

    /// The mean is 0 and the unbiased variance `v/(v + 1e-8)`, over all tokens of all rows together.
    @Property(tries = 200)
    void hasMeanZeroAndUnbiasedVarianceOne(
            @ForAll @Size(min = 2, max = 12) List<@IntRange(min = 1, max = 9) Integer> drawn, @ForAll long seed) {
        int[] lengths = drawn.stream().mapToInt(Integer::intValue).toArray();
        double[] before = flat(draw(lengths, seed));
        double[] after = flat(Whitening.of(draw(lengths, seed)));
        assertThat(Arrays.stream(after).average().orElseThrow()).isEqualTo(0, within(1e-10));
        double variance = variance(before);
        assertThat(variance(after)).isEqualTo(variance / (variance + 1e-8), within(1e-9));
    }

    private static double variance(double[] x) {
        double mean = Arrays.stream(x).average().orElseThrow();
        return Arrays.stream(x).map(each -> (each - mean) * (each - mean)).sum() / (x.length - 1);
    }

    /// Up to the 1e-8 beside the variance: a relative error of at most 1e-8/(a²·v).
    @Property(tries = 200)
    void scaleAndShiftDoNotMatter(
            @ForAll @DoubleRange(min = 0.5, max = 4) double a,
            @ForAll @DoubleRange(min = -5, max = 5) double b,
            @ForAll long seed) {
        int[] lengths = {3, 1, 6, 4};
        double[][] rows = draw(lengths, seed);
        double[][] moved = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            moved[i] = Arrays.stream(rows[i]).map(x -> a * x + b).toArray();
        }
        double[] one = flat(Whitening.of(rows));
        double[] other = flat(Whitening.of(moved));
        for (int i = 0; i < one.length; i++) {
            assertThat(other[i]).isEqualTo(one[i], within(1e-5));
        }
    }

    /// By hand: mean 2, unbiased variance ((1 + 0 + 1)/2) = 1.
    @Test
    void byHand() {
        double[][] white = Whitening.of(new double[][] {{1}, {2, 3}});
        assertThat(white[0]).hasSize(1);
        assertThat(white[0][0]).isEqualTo(-1, within(1e-7));
        assertThat(white[1][0]).isZero();
        assertThat(white[1][1]).isEqualTo(1, within(1e-7));
    }

    @Test
    void nothingToCompareGivesZero() {
        assertThat(Whitening.of(new double[][] {{7}})[0]).containsExactly(0);
        assertThat(Whitening.of(new double[][] {{7, 7}, {7}})).isDeepEqualTo(new double[][] {{0, 0}, {0}});
        assertThat(Whitening.of(new double[0][])).isEmpty();
    }
}
