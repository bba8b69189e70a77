package gradus.layers.loss.alignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ShapeException;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class KlEstimatorTest {
    @Property(tries = 200)
    void equalsTheLoop(
            @ForAll @IntRange(min = 1, max = 4) int n,
            @ForAll @IntRange(min = 1, max = 5) int t,
            @ForAll @DoubleRange(min = 0, max = 3) double scale,
            @ForAll long seed) {
        Tensor logProbs = Drawn.normal(seed, n, t).mul(scale);
        Tensor reference = Drawn.normal(seed + 1, n, t).mul(scale);
        double[] k1 = KlEstimator.K1.of(logProbs, reference).toArray();
        double[] k2 = KlEstimator.K2.of(logProbs, reference).toArray();
        double[] k3 = KlEstimator.K3.of(logProbs, reference).toArray();
        for (int i = 0; i < n * t; i++) {
            double own = logProbs.toArray()[i];
            double ref = reference.toArray()[i];
            double ratio = Math.exp(ref - own);
            assertThat(k1[i]).isEqualTo(own - ref);
            // One rounding of 1.1e-16 in the square. In k3 two functions to 2.2e-16 of what they give, and three sums
            // to 1.1e-16 of no more than 1 + eˣ + |x|: together 7.7e-16 of that.
            assertThat(k2[i]).isCloseTo(0.5 * (own - ref) * (own - ref), within(1e-15 * (1 + k2[i])));
            assertThat(k3[i]).isCloseTo(ratio - (ref - own) - 1, within(1e-15 * (1 + ratio + Math.abs(ref - own))));
        }
    }

    /// Exact at 0, and never negative: rounding of `eˣ - 1` may leave 1e-16·|x|.
    @Property(tries = 200)
    void k3IsNeverNegative(@ForAll @DoubleRange(min = -40, max = 40) double x, @ForAll @IntRange(max = 8) int closer) {
        double difference = x * Math.pow(10, -closer);
        double size = Math.abs(difference);
        Tensor own = Tensor.of(new double[] {difference, 0}, 1, 2);
        double[] k3 = KlEstimator.K3.of(own, own.mul(0)).toArray();
        assertThat(k3[0]).isGreaterThanOrEqualTo(-2.3e-16 * size);
        assertThat(k3[1]).isZero();
        double[] k2 = KlEstimator.K2.of(own, own.mul(0)).toArray();
        assertThat(k3[0])
                .as("both are ½x² where x is small")
                .isCloseTo(k2[0], within(Math.pow(size, 3) * Math.exp(size) + 1e-15 * size));
    }

    /// By enumeration of a distribution over V tokens.
    @Property(tries = 200)
    void k1AndK3AreTheDivergenceOnAverage(@ForAll @IntRange(min = 1, max = 9) int v, @ForAll long seed) {
        Tensor logP = Drawn.normal(seed, 1, v).logSoftmax();
        Tensor logQ = Drawn.normal(seed + 1, 1, v).logSoftmax();
        double kl = 0;
        for (int i = 0; i < v; i++) {
            kl += Math.exp(logP.get(0, i)) * (logP.get(0, i) - logQ.get(0, i));
        }
        // Sums of at most 9 terms below 10: 1e-14.
        for (KlEstimator unbiased : new KlEstimator[] {KlEstimator.K1, KlEstimator.K3}) {
            double mean = unbiased.of(logP, logQ).mul(logP.exp()).sum().item();
            assertThat(mean).as("%s", unbiased).isCloseTo(kl, within(1e-13));
        }
        double biased = KlEstimator.K2.of(logP, logQ).mul(logP.exp()).sum().item();
        assertThat(biased).isGreaterThanOrEqualTo(0);
    }

    /// What each estimate does as a loss of samples: nothing, the gradient of KL(π‖ref), and that of
    /// KL(ref‖π).
    @Property(tries = 200)
    void theMeanGradientsAreThoseOfTheTable(@ForAll @IntRange(min = 1, max = 9) int v, @ForAll long seed) {
        Tensor logits = Drawn.normal(seed, 1, v);
        Tensor logQ = Drawn.normal(seed + 1, 1, v).logSoftmax();
        Tensor p = logits.softmax();
        double[] reverse =
                Drawn.gradient(logits, x -> x.softmax().mul(x.logSoftmax().sub(logQ)));
        double[] forward = Drawn.gradient(logits, x -> logQ.exp().mul(logQ.sub(x.logSoftmax())));
        double[][] expected = {new double[v], reverse, forward};
        for (KlEstimator estimator : KlEstimator.values()) {
            double[] gradient = Drawn.gradient(
                    logits, x -> estimator.of(x.logSoftmax(), logQ).mul(p));
            assertThat(gradient).as("%s", estimator).containsExactly(expected[estimator.ordinal()], within(1e-13));
        }
    }

    @Test
    void gradients() {
        for (KlEstimator estimator : KlEstimator.values()) {
            GradientCheck.of(x -> estimator.of(x[0], x[1]), Drawn.normal(1, 3, 4), Drawn.normal(2, 3, 4))
                    .requirePass();
        }
    }

    @Test
    void smallDifferencesSurviveInFloat32() {
        Tensor own = Tensor.of(new double[] {-2}, 1, 1).to(DType.FLOAT32);
        Tensor reference = own.add(Math.scalb(1, -12)); // a float32, as is the difference
        double k3 = KlEstimator.K3.of(own, reference).item();
        double x = Math.scalb(1, -12);
        assertThat(k3).isCloseTo(x * x / 2, within(x * x / 2 * 2e-3)); // exp - 1 - x would give 0 or 1.2e-7
    }

    @Test
    void badInput() { // BAD-INPUT 7, 14
        for (KlEstimator estimator : KlEstimator.values()) {
            assertThatThrownBy(() -> estimator.of(Drawn.normal(1, 3, 3), Drawn.normal(1, 3)))
                    .isInstanceOf(ShapeException.class)
                    .hasMessage("klEstimator: logProbs and reference must both be (N, T); got (3, 3) and (3,)");
            assertThatThrownBy(() -> estimator.of(Drawn.normal(1, 3, 3), null))
                    .isInstanceOf(ShapeException.class)
                    .hasMessageContaining("reference must be given");
        }
    }
}
