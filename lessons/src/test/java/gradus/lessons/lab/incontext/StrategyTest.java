package gradus.lessons.lab.incontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.tensor.random.Rng;
import java.util.function.DoubleBinaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class StrategyTest {
    /// Places of the grid along each of the two axes.
    private static final int GRID = 150;

    /// Bayes' rule by sums over a grid of all chains of two states, (a, b) = (p(1 | 0), p(1 | 1)), each as
    /// likely.
    private static double posterior(int[] sequence, DoubleBinaryOperator likelihood, DoubleBinaryOperator wanted) {
        double above = 0;
        double below = 0;
        for (int i = 0; i < GRID; i++) {
            for (int j = 0; j < GRID; j++) {
                double a = (i + 0.5) / GRID;
                double b = (j + 0.5) / GRID;
                double weight = likelihood.applyAsDouble(a, b);
                above += weight * wanted.applyAsDouble(a, b);
                below += weight;
            }
        }
        return above / below;
    }

    /// The midpoint rule is exact to about (length / GRID)² / 24, relative: 7e-4 for 20 tokens.
    @Property(tries = 200)
    void bigramIsBayesRuleForChains(@ForAll long seed, @ForAll @IntRange(min = 3, max = 20) int length) {
        int[] sequence = new MarkovSequences(2, length, false).draw(Rng.of(seed));
        double expected = posterior(
                sequence,
                (a, b) -> {
                    double product = 0.5;
                    for (int t = 1; t < sequence.length; t++) {
                        double one = sequence[t - 1] == 0 ? a : b;
                        product *= sequence[t] == 1 ? one : 1 - one;
                    }
                    return product;
                },
                (a, b) -> sequence[length - 1] == 0 ? a : b);
        assertThat(Strategy.BIGRAM.probability(sequence, length, 1, 2)).isCloseTo(expected, within(2e-3));
    }

    @Property(tries = 200)
    void unigramIsBayesRuleForIndependentTokens(@ForAll long seed, @ForAll @IntRange(min = 3, max = 20) int length) {
        int[] sequence = new MarkovSequences(2, length, true).draw(Rng.of(seed));
        double expected = posterior(
                sequence,
                (a, b) -> {
                    double product = 1;
                    for (int token : sequence) {
                        product *= token == 1 ? a : 1 - a;
                    }
                    return product;
                },
                (a, b) -> a);
        assertThat(Strategy.UNIGRAM.probability(sequence, length, 1, 2)).isCloseTo(expected, within(2e-3));
    }

    @Property(tries = 200)
    void everyStrategyIsADistributionAndSeesOnlyWhatStandsBefore(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 6) int states,
            @ForAll @IntRange(min = 1, max = 9) int time) {
        int[] sequence = new MarkovSequences(states, 10, false).draw(Rng.of(seed));
        int[] other = sequence.clone();
        for (int t = time; t < other.length; t++) {
            other[t] = (other[t] + 1) % states;
        }
        for (Strategy strategy : Strategy.values()) {
            double sum = 0;
            for (int next = 0; next < states; next++) {
                double p = strategy.probability(sequence, time, next, states);
                assertThat(p).isPositive().isEqualTo(strategy.probability(other, time, next, states));
                sum += p;
            }
            assertThat(sum).isCloseTo(1, within(1e-12));
        }
    }
}
