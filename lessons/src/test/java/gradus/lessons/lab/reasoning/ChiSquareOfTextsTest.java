package gradus.lessons.lab.reasoning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.tensor.random.Rng;
import gradus.train.generate.Sampling;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;
import org.junit.jupiter.api.Test;

class ChiSquareOfTextsTest {
    private static final double[] EXACT = {0.5, 0.3, 0.19, 0.006, 0.004};

    private static long[] drawn(double[] p, int count, Rng rng) {
        long[] counts = new long[p.length];
        for (int i = 0; i < count; i++) {
            counts[Sampling.pick(p, rng.uniform(i))]++;
        }
        return counts;
    }

    /// By hand: of 1,000 draws the last is expected 4 times and stands alone with the rare ones.
    @Test
    void theStatisticIsTheSumOfSquaresOverWhatIsExpected() {
        long[] counts = {510, 290, 190, 7, 3};
        double statistic = 100.0 / 500 + 100.0 / 300 + 0 + 1.0 / 6 + 1.0 / 4;
        double expected = 1 - new ChiSquaredDistribution(4).cumulativeProbability(statistic);
        assertThat(SpeculativePart.pValue(EXACT, counts)).isCloseTo(expected, within(1e-9));
    }

    @Test
    void fewTextsTellNothing() {
        assertThat(SpeculativePart.pValue(EXACT, 1, 1, 0, 0, 0)).isNaN();
    }

    @Test
    void itFindsAnotherDistributionAndNotItsOwn() {
        double[] other = {0.45, 0.3, 0.24, 0.006, 0.004};
        int rejected = 0;
        for (int i = 0; i < 200; i++) {
            rejected +=
                    SpeculativePart.pValue(EXACT, drawn(EXACT, 2000, Rng.of(1).at(i))) < 0.05 ? 1 : 0;
        }
        assertThat(rejected).isBetween(2, 22); // 10 by chance; four standard deviations are 12
        assertThat(SpeculativePart.pValue(EXACT, drawn(other, 2000, Rng.of(2)))).isLessThan(1e-3);
    }
}
