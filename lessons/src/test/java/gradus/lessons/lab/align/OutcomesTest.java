package gradus.lessons.lab.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// [Outcomes] and [EnumerableProblem].
class OutcomesTest {
    private static Tensor drawn(Outcomes outcomes, long seed) {
        return Tensor.randn(Rng.of(seed), outcomes.states(), outcomes.vocabulary())
                .to(DType.FLOAT64);
    }

    /// A walk through the table for each answer; the answers' probabilities add up to 1, and so do visits at
    /// each length.
    @Property(tries = 200)
    void equalsTheWalk(
            @ForAll @IntRange(min = 1, max = 5) int v, @ForAll @IntRange(min = 1, max = 3) int t, @ForAll long seed) {
        Outcomes outcomes = new Outcomes(v, t);
        Tensor logits = drawn(outcomes, seed);
        Tensor logSoftmax = logits.logSoftmax();
        Tensor logProbs = outcomes.logProbs(logits);
        double[] visits = new double[outcomes.states() * v];
        double[] probs = outcomes.probs(logits).toArray();
        for (int n = 0; n < outcomes.count(); n++) {
            int state = 0;
            int number = 0;
            for (int at = 0; at < t; at++) {
                int token = outcomes.token(n, at);
                assertThat(logProbs.get(n, at)).isEqualTo(logSoftmax.get(state, token));
                visits[state * v + token] += probs[n];
                state = outcomes.after(state, token);
                number = number * v + token;
            }
            assertThat(number).isEqualTo(n);
        }
        assertThat(Arrays.stream(probs).sum()).isCloseTo(1, within(1e-13));
        assertThat(outcomes.visits(probs)).containsExactly(visits, within(1e-15));
        assertThat(Arrays.stream(visits).sum()).isCloseTo(t, within(1e-13));
    }

    @Test
    void gradients() {
        Outcomes outcomes = new Outcomes(3, 3);
        GradientCheck.of(x -> outcomes.logProbs(x[0]), drawn(outcomes, 1)).requirePass();
    }

    @Test
    void theProblemsAreWhatTheySay() {
        EnumerableProblem bandit = EnumerableProblem.bandit();
        assertThat(bandit.referenceProbs()).containsExactly(new double[] {0.4, 0.3, 0.15, 0.1, 0.05}, within(1e-15));
        EnumerableProblem sequences = EnumerableProblem.sequences();
        assertThat(sequences.outcomes().count()).isEqualTo(27);
        assertThat(sequences.outcomes().states()).isEqualTo(13);
        double[] sorted = Arrays.stream(sequences.rewards()).sorted().toArray();
        assertThat(sorted[26] - sorted[25]).as("one best answer").isGreaterThan(1e-3);
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new Outcomes(10, 4))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("at most 4096 answers; got 10 and 4");
        assertThatThrownBy(() -> new Outcomes(0, 1)).isInstanceOf(ConfigException.class);
        Outcomes two = new Outcomes(2, 1);
        Tensor reference = drawn(two, 1);
        assertThatThrownBy(() -> new EnumerableProblem("p", two, new double[3], reference, 1))
                .isInstanceOf(ConfigException.class)
                .hasMessage("p: there must be a reward for each of 2 answers; got 3");
        assertThatThrownBy(() -> new EnumerableProblem("p", two, new double[] {0, Double.NaN}, reference, 1))
                .isInstanceOf(ConfigException.class)
                .hasMessage("p: rewards must be finite; got [0.0, NaN]");
        for (double wrong : new double[] {0, -1, Double.NaN}) {
            assertThatThrownBy(() -> new EnumerableProblem("p", two, new double[2], reference, wrong))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("p: beta must be above 0; got " + wrong);
        }
    }
}
