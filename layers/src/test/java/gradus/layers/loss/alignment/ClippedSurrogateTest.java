package gradus.layers.loss.alignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// [ClippedSurrogate] with both kinds of [ImportanceRatio].
class ClippedSurrogateTest {
    private static final double LOW = 0.2;
    private static final double HIGH = 0.28;

    private static double loss(double ratio, double advantage, double low, double high) {
        double clipped = Math.min(Math.max(ratio, 1 - low), 1 + high);
        return -Math.min(ratio * advantage, clipped * advantage);
    }

    @Property(tries = 200)
    void equalsTheLoop(
            @ForAll @IntRange(min = 1, max = 4) int n,
            @ForAll @IntRange(min = 1, max = 5) int t,
            @ForAll @DoubleRange(min = 0, max = 1) double low,
            @ForAll @DoubleRange(min = 0, max = 2) double high,
            @ForAll boolean shared,
            @ForAll long seed) {
        Tensor logProbs = Drawn.normal(seed, n, t);
        Tensor old = Drawn.normal(seed + 1, n, t);
        Tensor advantages = Drawn.normal(seed + 2, n, shared ? 1 : t);
        Tensor loss = ClippedSurrogate.of(logProbs, old, advantages, low, high);
        assertThat(loss.shape()).isEqualTo(logProbs.shape());
        for (int i = 0; i < n; i++) {
            for (int at = 0; at < t; at++) {
                double ratio = Math.exp(logProbs.get(i, at) - old.get(i, at));
                double expected = loss(ratio, advantages.get(i, shared ? 0 : at), low, high);
                assertThat(loss.get(i, at)).isCloseTo(expected, within(1e-14 * (1 + Math.abs(expected))));
            }
        }
    }

    @Property(tries = 200)
    void theRatioOfASequenceIsTheGeometricMean(
            @ForAll @IntRange(min = 1, max = 4) int n, @ForAll @IntRange(min = 1, max = 5) int t, @ForAll long seed) {
        Tensor logProbs = Drawn.normal(seed, n, t);
        Tensor old = Drawn.normal(seed + 1, n, t);
        Tensor mask = Drawn.mask(seed, n, t);
        Tensor logRatio = ImportanceRatio.SEQUENCE.logRatio(logProbs, old, mask);
        assertThat(logRatio.shape().dims()).containsExactly(n, 1);
        for (int i = 0; i < n; i++) {
            double sum = 0;
            int count = 0;
            for (int at = 0; at < t; at++) {
                if (mask.get(i, at) == 1) {
                    sum += logProbs.get(i, at) - old.get(i, at);
                    count++;
                }
            }
            assertThat(logRatio.get(i, 0)).isCloseTo(count == 0 ? 0 : sum / count, within(1e-14));
        }
        assertThat(ImportanceRatio.TOKEN.logRatio(logProbs, old, mask).toArray())
                .isEqualTo(logProbs.sub(old).toArray());
    }

    /// Exactly 0 where a step in the direction of the gradient has gone far enough, and nowhere else: what went the
    /// wrong way is always brought back.
    @Property(tries = 200)
    void clippedSamplesHaveNoGradientOnlyWhereTheyShould(
            @ForAll @DoubleRange(min = 0.05, max = 3) double ratio,
            @ForAll @DoubleRange(min = -2, max = 2) double advantage) {
        Tensor logProbs = Tensor.of(new double[] {Math.log(ratio)}, 1, 1);
        double[] gradient = Drawn.gradient(
                logProbs,
                x -> ClippedSurrogate.of(
                        x, Tensor.of(new double[1], 1, 1), Tensor.of(new double[] {advantage}, 1, 1), LOW, HIGH));
        boolean clipped = advantage > 0 && ratio > 1 + HIGH || advantage < 0 && ratio < 1 - LOW;
        if (clipped) {
            assertThat(gradient[0]).isZero();
        } else {
            assertThat(gradient[0]).isCloseTo(-advantage * ratio, within(1e-14));
        }
    }

    /// At ρ = 1, where both values are equal and share the gradient.
    @Property(tries = 200)
    void theFirstGradientIsThePolicyGradient(
            @ForAll @IntRange(min = 1, max = 4) int n, @ForAll @IntRange(min = 1, max = 5) int t, @ForAll long seed) {
        Tensor logProbs = Drawn.normal(seed, n, t);
        Tensor advantages = Drawn.normal(seed + 1, n, 1);
        double[] expected = Drawn.gradient(logProbs, x -> Reinforce.of(x, advantages));
        assertThat(Drawn.gradient(logProbs, x -> ClippedSurrogate.of(x, x.detach(), advantages, LOW, HIGH)))
                .isEqualTo(expected);
        assertThat(Drawn.gradient(logProbs, x -> ClippedSurrogate.of(x, x, advantages, LOW, HIGH)))
                .as("the old log-probabilities are used detached")
                .isEqualTo(expected);
    }

    /// With one advantage for all its tokens, an answer's tokens share the gradient of a sequence's ratio.
    @Property(tries = 200)
    void theFirstGradientOfSequencesIsThePolicyGradientDividedByTheLength(
            @ForAll @IntRange(min = 1, max = 4) int n, @ForAll @IntRange(min = 1, max = 5) int t, @ForAll long seed) {
        Tensor logProbs = Drawn.normal(seed, n, t);
        Tensor advantages = Drawn.normal(seed + 1, n, 1);
        Tensor mask = Drawn.mask(seed, n, t);
        double[] gradient = Drawn.gradient(
                logProbs,
                x -> Aggregation.GRPO.of(
                        ClippedSurrogate.ofLogRatio(
                                ImportanceRatio.SEQUENCE.logRatio(x, x.detach(), mask), advantages, LOW, HIGH),
                        mask));
        double[] expected = Drawn.gradient(logProbs, x -> Aggregation.GRPO.of(Reinforce.of(x, advantages), mask));
        assertThat(gradient).containsExactly(expected, within(1e-15));
    }

    @Test
    void advantagesPassNoGradient() {
        Tensor advantages = Drawn.normal(1, 2, 3).requireGrad();
        Tensor logProbs = Drawn.normal(2, 2, 3).requireGrad();
        ClippedSurrogate.of(logProbs, Drawn.normal(3, 2, 3), advantages, LOW, HIGH)
                .sum()
                .backward();
        Reinforce.of(logProbs, advantages).sum().backward();
        assertThat(advantages.grad()).isNull();
    }

    @Test
    void gradients() {
        Tensor old = Drawn.normal(1, 3, 4); // no ratio within 0.01 of a bound
        Tensor advantages = Drawn.normal(3, 3, 4);
        Tensor mask = Drawn.mask(5, 3, 4);
        GradientCheck.of(x -> ClippedSurrogate.of(x[0], old, advantages, LOW, HIGH), Drawn.normal(2, 3, 4))
                .requirePass();
        GradientCheck.of(
                        x -> ClippedSurrogate.ofLogRatio(
                                ImportanceRatio.SEQUENCE.logRatio(x[0], old, mask),
                                advantages.slice(1, 0, 1),
                                LOW,
                                HIGH),
                        Drawn.normal(2, 3, 4))
                .requirePass();
    }

    @Test
    void badInput() { // BAD-INPUT 6, 7, 14
        Tensor tokens = Drawn.normal(1, 3, 3);
        assertThatThrownBy(() -> ClippedSurrogate.of(tokens, tokens, Drawn.normal(1, 3), 0.2, 0.2))
                .isInstanceOf(ShapeException.class)
                .hasMessage("clippedSurrogate: advantages must be (N, T) = (3, 3) or (N, 1); got (3,)");
        assertThatThrownBy(() -> ClippedSurrogate.of(tokens, tokens, Drawn.normal(1, 1, 3), 0.2, 0.2))
                .isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> ClippedSurrogate.of(tokens, null, tokens, 0.2, 0.2))
                .isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> ImportanceRatio.SEQUENCE.logRatio(tokens, tokens, Drawn.normal(1, 3)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("logProbs and mask must both be (N, T)");
        for (double wrong : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThatThrownBy(() -> ClippedSurrogate.of(tokens, tokens, tokens, wrong, 0.2))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("clippedSurrogate: low must be from 0 to 1; got " + wrong);
        }
        for (double wrong : new double[] {-0.1, Double.NaN}) {
            assertThatThrownBy(() -> ClippedSurrogate.of(tokens, tokens, tokens, 0.2, wrong))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("clippedSurrogate: high must be at least 0; got " + wrong);
        }
    }
}
