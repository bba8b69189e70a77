package gradus.lessons.lab.align.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.tensor.random.Rng;
import gradus.train.rl.BestOfN;
import gradus.train.rl.Completion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BestDistributionTest {
    private static double[] probs(Rng rng, int count) {
        double[] probs = new double[count];
        Arrays.setAll(probs, i -> Math.exp(rng.gaussian(i)));
        double sum = Arrays.stream(probs).sum();
        return Arrays.stream(probs).map(p -> p / sum).toArray();
    }

    /// Some scores are equal.
    private static double[] scores(Rng rng, int count) {
        double[] scores = new double[count];
        Arrays.setAll(scores, i -> Math.rint(2 * rng.gaussian(i)));
        return scores;
    }

    /// All n-tuples of answers, and the choice of the class that draws.
    @Property(tries = 200)
    void isWhatAllTuplesGive(
            @ForAll @IntRange(min = 1, max = 5) int count,
            @ForAll @IntRange(min = 1, max = 4) int n,
            @ForAll long seed) {
        double[] probs = probs(Rng.of(seed).at("p"), count);
        double[] scores = scores(Rng.of(seed).at("s"), count);
        double[] expected = new double[count];
        for (int number = 0; number < Math.pow(count, n); number++) {
            List<Completion> drawn = new ArrayList<>();
            double chance = 1;
            for (int i = 0, left = number; i < n; i++, left /= count) {
                drawn.add(new Completion(new int[] {left % count}, new double[] {0}, false));
                chance *= probs[left % count];
            }
            expected[BestOfN.of(drawn, each -> scores[each.tokens()[0]]).best().tokens()[0]] += chance;
        }
        assertThat(BestDistribution.of(probs, scores, n)).containsExactly(expected, within(1e-13));
    }

    /// The laws of part (c): what is optimised never falls as n grows, and the divergence stays below the formula.
    @Property(tries = 200)
    void whatIsOptimisedGrowsAndTheFormulaIsABound(@ForAll @IntRange(min = 1, max = 40) int count, @ForAll long seed) {
        double[] probs = probs(Rng.of(seed).at("p"), count);
        double[] scores = scores(Rng.of(seed).at("s"), count);
        double before = Double.NEGATIVE_INFINITY;
        for (int n = 1; n <= 1 << 20; n *= 4) {
            double[] best = BestDistribution.of(probs, scores, n);
            assertThat(Arrays.stream(best).sum()).isCloseTo(1, within(1e-12));
            double mean = AnswerSpace.mean(best, scores);
            assertThat(mean).isGreaterThan(before - 1e-12);
            assertThat(AnswerSpace.divergence(best, probs)).isBetween(-1e-12, BestOfN.mostDivergence(n) + 1e-12);
            before = mean;
        }
        double highest = Arrays.stream(scores).max().orElseThrow();
        assertThat(before).isCloseTo(highest, within(0.1));
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> BestDistribution.of(new double[] {1}, new double[] {1}, 0))
                .isInstanceOf(ConfigException.class)
                .hasMessage("best of n: n must be at least 1; got 0");
    }
}
