package gradus.lessons.lab.align.kl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.loss.alignment.KlEstimator;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EstimatorAtPolicyTest {
    private static double[] softmax(double[] logits) {
        double[] probs = Arrays.stream(logits).map(Math::exp).toArray();
        double sum = Arrays.stream(probs).sum();
        return Arrays.stream(probs).map(p -> p / sum).toArray();
    }

    private static double[] logits(Rng rng, int n) {
        double[] logits = new double[n];
        Arrays.setAll(logits, rng::gaussian);
        return logits;
    }

    private static double divergence(double[] p, double[] q) {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += p[i] * Math.log(p[i] / q[i]);
        }
        return sum;
    }

    /// Of which divergence each gradient is: k2's of KL(π‖ref), k3's of KL(ref‖π), k1's of none. By central
    /// differences.
    @Property(tries = 200)
    void gradientsAreThoseOfTheDivergences(@ForAll @IntRange(min = 2, max = 8) int n, @ForAll long seed) {
        double[] own = logits(Rng.of(seed).at("own"), n);
        double[] reference = softmax(logits(Rng.of(seed).at("reference"), n));
        double[] probs = softmax(own);
        double h = 1e-5;
        for (int i = 0; i < n; i++) {
            double[] up = own.clone();
            double[] down = own.clone();
            up[i] += h;
            down[i] -= h;
            double reverse = (divergence(softmax(up), reference) - divergence(softmax(down), reference)) / (2 * h);
            double forward = (divergence(reference, softmax(up)) - divergence(reference, softmax(down))) / (2 * h);
            assertThat(EstimatorAtPolicy.of(KlEstimator.K1, probs, reference).gradient()[i])
                    .isCloseTo(0, within(1e-14));
            assertThat(EstimatorAtPolicy.of(KlEstimator.K2, probs, reference).gradient()[i])
                    .isCloseTo(reverse, within(1e-8));
            assertThat(EstimatorAtPolicy.of(KlEstimator.K3, probs, reference).gradient()[i])
                    .isCloseTo(forward, within(1e-8));
        }
        double exact = divergence(probs, reference);
        assertThat(EstimatorAtPolicy.of(KlEstimator.K1, probs, reference).mean())
                .isCloseTo(exact, within(1e-12));
        assertThat(EstimatorAtPolicy.of(KlEstimator.K3, probs, reference).mean())
                .isCloseTo(exact, within(1e-12));
    }

    /// Far from the reference k3 scatters more than k1 and near it less; its pull follows the square root of
    /// `Σ ref²/π`.
    @Test
    void k3BreaksFarFromTheReference() {
        double[] reference = {0.5, 0.5};
        EstimatorAtPolicy near1 = EstimatorAtPolicy.of(KlEstimator.K1, new double[] {0.55, 0.45}, reference);
        EstimatorAtPolicy near3 = EstimatorAtPolicy.of(KlEstimator.K3, new double[] {0.55, 0.45}, reference);
        assertThat(near3.deviation()).isLessThan(near1.deviation() / 5);
        double rare = 1e-4;
        double[] far = {1 - rare, rare};
        assertThat(EstimatorAtPolicy.of(KlEstimator.K3, far, reference).deviation())
                .isGreaterThan(
                        5 * EstimatorAtPolicy.of(KlEstimator.K1, far, reference).deviation());
        double second = 0.25 / (1 - rare) + 0.25 / rare;
        assertThat(EstimatorAtPolicy.of(KlEstimator.K3, far, reference).pullDeviation())
                .isCloseTo(Math.sqrt(second - 1), within(1e-9));
        assertThat(EstimatorAtPolicy.of(KlEstimator.K2, far, reference).pullDeviation())
                .isLessThan(0.1);
    }

    @Test
    void whatIsDrawnIsTheMeanOnAverage() {
        double[] reference = {0.1, 0.2, 0.3, 0.2, 0.2};
        double[] own = {0.3, 0.1, 0.2, 0.2, 0.2};
        EstimatorAtPolicy estimator = EstimatorAtPolicy.of(KlEstimator.K1, own, reference);
        assertThat(estimator.drawn(20_000, Rng.of(1)))
                .isCloseTo(divergence(own, reference), within(4 * estimator.deviation() / Math.sqrt(20_000)));
    }

    @Test
    void theCosineIsOneAlongAndZeroAcross() {
        assertThat(EstimatorAtPolicy.cosine(new double[] {1, 2}, new double[] {2, 4}))
                .isCloseTo(1, within(1e-15));
        assertThat(EstimatorAtPolicy.cosine(new double[] {1, 0}, new double[] {0, 1}))
                .isZero();
    }
}
