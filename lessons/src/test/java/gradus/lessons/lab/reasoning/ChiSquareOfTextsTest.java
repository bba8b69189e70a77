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

    /// By hand: of 1,000 draws the last is expected 4 times, too rarely to stand alone: it joins the 6.
    @Test
    void theStatisticIsTheSumOfSquaresOverWhatIsExpected() {
        long[] counts = {510, 290, 190, 7, 3};
        double statistic = 100.0 / 500 + 100.0 / 300 + 0 + 0;
        double expected = 1 - new ChiSquaredDistribution(3).cumulativeProbability(statistic);
        assertThat(SpeculativePart.pValue(EXACT, counts)).isCloseTo(expected, within(1e-9));
    }

    /// Two of 0.3 each make 0.6, where one draw would be a surprise of its own: they join the 8.
    @Test
    void whatIsTooRareTogetherJoinsTheRarestOther() {
        double[] exact = {0.9908, 0.008, 0.0006, 0.0006};
        long[] counts = {988, 9, 2, 1};
        double statistic = 2.8 * 2.8 / 990.8 + 2.8 * 2.8 / 9.2;
        double expected = 1 - new ChiSquaredDistribution(1).cumulativeProbability(statistic);
        assertThat(SpeculativePart.pValue(exact, counts)).isCloseTo(expected, within(1e-9));
        assertThat(SpeculativePart.pValue(new double[] {0.999, 0.001}, 999, 1)).isNaN();
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
