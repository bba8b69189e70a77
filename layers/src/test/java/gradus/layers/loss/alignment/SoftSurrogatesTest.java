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

/// [Cispo], [Sapo], [Vespo], and the second bound of [ClippedSurrogate].
class SoftSurrogatesTest {

    @Property(tries = 200)
    void cispoEqualsTheLoopAndItsGradientIsTheWeight(
            @ForAll @IntRange(min = 1, max = 4) int n,
            @ForAll @IntRange(min = 1, max = 5) int t,
            @ForAll @DoubleRange(min = 0.1, max = 5) double max,
            @ForAll long seed) {
        Tensor logProbs = Drawn.normal(seed, n, t);
        Tensor old = Drawn.normal(seed + 1, n, t);
        Tensor advantages = Drawn.normal(seed + 2, n, 1);
        double[] loss = Cispo.of(logProbs, logProbs.sub(old), advantages, max).toArray();
        double[] gradient = Drawn.gradient(logProbs, x -> Cispo.of(x, x.sub(old), advantages, max));
        for (int i = 0; i < loss.length; i++) {
            double ratio = Math.exp(logProbs.get(i / t, i % t) - old.get(i / t, i % t));
            double weight = -Math.min(ratio, max) * advantages.get(i / t, 0);
            assertThat(gradient[i]).isCloseTo(weight, within(1e-13 * (1 + Math.abs(weight))));
            assertThat(loss[i]).isCloseTo(weight * logProbs.get(i / t, i % t), within(1e-12 * (1 + Math.abs(weight))));
        }
    }

    @Property(tries = 200)
    void sapoEqualsTheLoop(
            @ForAll @IntRange(min = 1, max = 4) int n,
            @ForAll @IntRange(min = 1, max = 5) int t,
            @ForAll @DoubleRange(min = 0.2, max = 5) double positive,
            @ForAll @DoubleRange(min = 0.2, max = 5) double negative,
            @ForAll boolean shared,
            @ForAll long seed) {
        Tensor logRatio = Drawn.normal(seed, n, t);
        Tensor advantages = Drawn.normal(seed + 2, n, shared ? 1 : t);
        double[] loss = Sapo.of(logRatio, advantages, positive, negative).toArray();
        for (int i = 0; i < loss.length; i++) {
            double a = advantages.get(i / t, shared ? 0 : i % t);
            double tau = a > 0 ? positive : negative;
            double ratio = Math.exp(logRatio.get(i / t, i % t));
            double expected = -a * 4 / tau / (1 + Math.exp(-tau * (ratio - 1)));
            assertThat(loss[i]).isCloseTo(expected, within(1e-13 * (1 + Math.abs(expected))));
        }
    }

    @Property(tries = 200)
    void vespoEqualsTheLoop(
            @ForAll @IntRange(min = 1, max = 4) int n,
            @ForAll @IntRange(min = 1, max = 5) int t,
            @ForAll @DoubleRange(min = 0, max = 3) double k,
            @ForAll @DoubleRange(min = 0.1, max = 3) double decay,
            @ForAll long seed) {
        Tensor logProbs = Drawn.normal(seed, n, t);
        Tensor old = Drawn.normal(seed + 1, n, t);
        Tensor mask = Drawn.mask(seed, n, t);
        Tensor advantages = Drawn.normal(seed + 2, n, 1);
        Vespo vespo = new Vespo(k, decay, 2 * k, 3 * decay);
        double[] loss = vespo.of(logProbs, old, mask, advantages).toArray();
        double[] gradient = Drawn.gradient(logProbs, x -> vespo.of(x, old, mask, advantages));
        for (int i = 0; i < n; i++) {
            double ratio = 1;
            for (int at = 0; at < t; at++) {
                ratio *= mask.get(i, at) == 1 ? Math.exp(logProbs.get(i, at) - old.get(i, at)) : 1;
            }
            double a = advantages.get(i, 0);
            double phi = a >= 0
                    ? Math.pow(ratio, k) * Math.exp(decay * (1 - ratio))
                    : Math.pow(ratio, 2 * k) * Math.exp(3 * decay * (1 - ratio));
            for (int at = 0; at < t; at++) {
                // at most e^(3·3) · (e^10)^6 is rounded; what is that large is compared relatively
                assertThat(gradient[i * t + at]).isCloseTo(-phi * a, within(1e-11 * (1 + Math.abs(phi * a))));
                assertThat(loss[i * t + at])
                        .isCloseTo(-phi * a * logProbs.get(i, at), within(1e-10 * (1 + Math.abs(phi * a))));
            }
        }
    }

    /// At ρ = 1 each of them is REINFORCE.
    @Property(tries = 200)
    void theirFirstGradientIsThePolicyGradient(
            @ForAll @IntRange(min = 1, max = 4) int n, @ForAll @IntRange(min = 1, max = 5) int t, @ForAll long seed) {
        Tensor logProbs = Drawn.normal(seed, n, t);
        Tensor advantages = Drawn.normal(seed + 1, n, 1);
        Tensor mask = Drawn.mask(seed, n, t);
        double[] expected = Drawn.gradient(logProbs, x -> Reinforce.of(x, advantages));
        assertThat(Drawn.gradient(logProbs, x -> Cispo.of(x, x.sub(x.detach()), advantages, 5)))
                .containsExactly(expected, within(1e-15));
        assertThat(Drawn.gradient(logProbs, x -> Sapo.of(x.sub(x.detach()), advantages, 1, 1.05)))
                .containsExactly(expected, within(1e-15));
        assertThat(Drawn.gradient(logProbs, x -> Vespo.defaults().of(x, x.detach(), mask, advantages)))
                .containsExactly(expected, within(1e-15));
    }

    /// Above δ a punished token has gone too far to teach; nothing else changes.
    @Property(tries = 200)
    void deltaBoundsOnlyWhatIsPunished(
            @ForAll @DoubleRange(min = 0.05, max = 6) double ratio,
            @ForAll @DoubleRange(min = -2, max = 2) double advantage) {
        Tensor log = Tensor.of(new double[] {Math.log(ratio)}, 1, 1);
        Tensor a = Tensor.of(new double[] {advantage}, 1, 1);
        double plain = ClippedSurrogate.ofLogRatio(log, a, 0.2, 0.28).item();
        double bounded = ClippedSurrogate.ofLogRatio(log, a, 0.2, 0.28, 3).item();
        double[] gradient = Drawn.gradient(log, x -> ClippedSurrogate.ofLogRatio(x, a, 0.2, 0.28, 3));
        if (advantage < 0 && ratio > 3) {
            assertThat(bounded).isCloseTo(-advantage * 3, within(1e-14));
            assertThat(gradient[0]).isZero();
        } else {
            assertThat(bounded).isEqualTo(plain);
            assertThat(gradient).isEqualTo(Drawn.gradient(log, x -> ClippedSurrogate.ofLogRatio(x, a, 0.2, 0.28)));
        }
    }

    @Test
    void gradients() {
        Tensor advantages = Drawn.normal(3, 3, 1);
        GradientCheck.of(x -> Sapo.of(x[0], advantages, 1, 2), Drawn.normal(2, 3, 4))
                .requirePass();
        Tensor old = Drawn.normal(1, 3, 4);
        Tensor ratio = Drawn.normal(2, 3, 4).sub(old);
        GradientCheck.of(x -> Cispo.of(x[0], ratio, advantages, 1.5), Drawn.normal(4, 3, 4))
                .requirePass();
    }

    /// A ratio beyond every float gives no NaN.
    @Test
    void enormousRatiosStayFinite() {
        Tensor far = Tensor.of(new double[] {-1e4, 1e4}, 2, 1);
        Tensor zero = Tensor.of(new double[2], 2, 1);
        Tensor ones = zero.add(1);
        for (double sign : new double[] {-1, 1}) {
            assertThat(Cispo.of(zero.sub(1), far, ones.mul(sign), 5).toArray())
                    .containsExactly(new double[] {0, 5 * sign}, within(0.0));
            assertThat(Drawn.gradient(far.mul(1).detach(), x -> Sapo.of(x, ones.mul(sign), 1, 1)))
                    .containsExactly(new double[2], within(0.0));
            assertThat(Sapo.of(far, ones.mul(sign), 1, 1).sum().item()).isFinite();
            assertThat(Vespo.defaults()
                            .of(far, zero, ones, ones.mul(sign))
                            .sum()
                            .item())
                    .isFinite();
        }
    }

    @Test
    void badInput() {
        Tensor x = Drawn.normal(1, 3, 3);
        for (double wrong : new double[] {0, -1, Double.NaN}) {
            assertThatThrownBy(() -> Cispo.of(x, x, x, wrong))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("cispo: max must be above 0; got " + wrong);
            assertThatThrownBy(() -> Sapo.of(x, x, wrong, 1))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("sapo: temperatures must be above 0; got " + wrong + " and 1.0");
            assertThatThrownBy(() -> new Vespo(1, wrong, 1, 1))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("vespo: a decay must be above 0; got " + wrong);
        }
        assertThatThrownBy(() -> new Vespo(1, 1, -1, 1)).hasMessage("vespo: a power must be at least 0; got -1.0");
        assertThatThrownBy(() -> ClippedSurrogate.ofLogRatio(x, x, 0.2, 0.5, 1.2))
                .isInstanceOf(ConfigException.class)
                .hasMessage("clippedSurrogate: delta must be at least 1 + high = 1.5; got 1.2");
        assertThatThrownBy(() -> Cispo.of(x, x, Drawn.normal(1, 3), 5)).isInstanceOf(ShapeException.class);
        Tensor row = Drawn.normal(1, 3);
        assertThatThrownBy(() -> Cispo.of(row, row, row, 5))
                .hasMessageStartingWith("cispo: logProbs and logProbs must both be (N, T)");
        assertThatThrownBy(() -> Sapo.of(x, Drawn.normal(1, 3), 1, 1)).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> Vespo.defaults().of(x, x, x, x)).isInstanceOf(ShapeException.class);
    }
}
