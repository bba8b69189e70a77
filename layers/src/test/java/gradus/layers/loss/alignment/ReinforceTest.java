package gradus.layers.loss.alignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.NumericException;
import gradus.error.ShapeException;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// [Reinforce] and [Rloo].
class ReinforceTest {
    @Property(tries = 200)
    void equalsTheLoop(
            @ForAll @IntRange(min = 1, max = 4) int n,
            @ForAll @IntRange(min = 1, max = 5) int t,
            @ForAll boolean shared,
            @ForAll long seed) {
        Tensor logProbs = Drawn.normal(seed, n, t);
        Tensor advantages = Drawn.normal(seed + 1, n, shared ? 1 : t);
        Tensor loss = Reinforce.of(logProbs, advantages);
        for (int i = 0; i < n; i++) {
            for (int at = 0; at < t; at++) {
                assertThat(loss.get(i, at)).isEqualTo(-advantages.get(i, shared ? 0 : at) * logProbs.get(i, at));
            }
        }
    }

    /// By enumeration: the expected gradient is that of the expected reward, with any baseline.
    @Property(tries = 200)
    void theMeanGradientIsThatOfTheExpectedReward(
            @ForAll @IntRange(min = 1, max = 7) int v,
            @ForAll @DoubleRange(min = -9, max = 9) double baseline,
            @ForAll long seed) {
        Tensor logits = Drawn.normal(seed, 1, v);
        Tensor rewards = Drawn.normal(seed + 1, 1, v);
        Tensor p = logits.softmax();
        double[] expected = Drawn.gradient(logits, x -> x.softmax().mul(rewards).neg());
        double[] gradient = Drawn.gradient(
                logits, x -> Reinforce.of(x.logSoftmax(), rewards.sub(baseline)).mul(p));
        assertThat(gradient).containsExactly(expected, within(1e-14));
    }

    @Property(tries = 200)
    void theBaselineIsTheMeanOfTheOthers(
            @ForAll @IntRange(min = 1, max = 4) int prompts,
            @ForAll @IntRange(min = 2, max = 6) int k,
            @ForAll @DoubleRange(min = -5, max = 5) double shift,
            @ForAll long seed) {
        Tensor rewards = Drawn.normal(seed, prompts * k);
        Tensor advantages = Rloo.advantages(rewards, k);
        assertThat(advantages.shape().dims()).containsExactly(prompts * k, 1);
        for (int i = 0; i < prompts * k; i++) {
            double others = 0;
            for (int j = i / k * k; j < i / k * k + k; j++) {
                others += j == i ? 0 : rewards.get(j) / (k - 1);
            }
            assertThat(advantages.get(i, 0)).isCloseTo(rewards.get(i) - others, within(1e-14));
        }
        assertThat(advantages.reshape(prompts, k).sum(1).toArray()).containsExactly(new double[prompts], within(1e-13));
        assertThat(Rloo.advantages(rewards.add(shift), k).toArray())
                .containsExactly(advantages.toArray(), within(1e-13));
    }

    @Test
    void equalRewardsTeachNothing() { // BAD-INPUT 43
        assertThat(Rloo.advantages(Tensor.of(new double[] {0.5, 0.5, 0.5, 0.5}, 4), 2)
                        .toArray())
                .containsOnly(0);
    }

    @Test
    void gradients() {
        Tensor advantages = Drawn.normal(2, 3, 1);
        GradientCheck.of(x -> Reinforce.of(x[0], advantages), Drawn.normal(1, 3, 4))
                .requirePass();
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> Reinforce.of(Drawn.normal(1, 3, 3), Drawn.normal(1, 3)))
                .isInstanceOf(ShapeException.class)
                .hasMessage("reinforce: advantages must be (N, T) = (3, 3) or (N, 1); got (3,)");
        for (int wrong : new int[] {0, 1, 3}) {
            assertThatThrownBy(() -> Rloo.advantages(Drawn.normal(1, 4), wrong))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("rloo: k must be at least 2 and divide the number of rewards; got k=" + wrong
                            + " and 4 rewards");
        }
        assertThatThrownBy(() -> Rloo.advantages(Drawn.normal(1, 2, 2), 2))
                .isInstanceOf(ShapeException.class)
                .hasMessage("rloo: rewards must be (N); got (2, 2)");
        for (double wrong : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
            assertThatThrownBy(() -> Rloo.advantages(Tensor.of(new double[] {1, wrong}, 2), 2))
                    .isInstanceOf(NumericException.class)
                    .hasMessage("rloo: reward 1 must be finite; got " + wrong);
        }
    }
}
