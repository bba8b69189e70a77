package gradus.layers.loss.alignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class UnpairedLossTest {
    private static Tensor labels(long seed, int n) {
        double[] labels = new double[n];
        for (int i = 0; i < n; i++) {
            labels[i] = seed >> i & 1;
        }
        return Tensor.of(labels, n);
    }

    @Property(tries = 200)
    void apoEqualsTheLoop(
            @ForAll @IntRange(min = 1, max = 6) int n,
            @ForAll @DoubleRange(min = 0.05, max = 2) double beta,
            @ForAll @DoubleRange(min = 0, max = 2) double good,
            @ForAll @DoubleRange(min = 0, max = 2) double bad,
            @ForAll long seed) {
        Tensor policy = Drawn.normal(seed, n);
        Tensor reference = Drawn.normal(seed + 1, n);
        Tensor labels = labels(seed, n);
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double x = beta * (policy.get(i) - reference.get(i));
            sum += labels.get(i) == 1 ? good * (1 - Drawn.sigmoid(x)) : bad * Drawn.sigmoid(x);
        }
        Tensor loss = UnpairedLoss.APO_ZERO_UNPAIRED.of(policy, reference, labels, null, beta, good, bad);
        assertThat(loss.item()).isCloseTo(sum / n, within(1e-14));
    }

    /// A pair of a good and a bad answer loses half as much as [PreferenceLoss#APO_ZERO], whose mean is over
    /// pairs.
    @Property(tries = 200)
    void apoOfPairsIsThatOfPreferences(@ForAll @IntRange(min = 1, max = 5) int pairs, @ForAll long seed) {
        Tensor a = Drawn.normal(seed, pairs);
        Tensor b = Drawn.normal(seed + 1, pairs);
        Tensor zero = Tensor.of(new double[pairs], pairs);
        Tensor labels = Tensor.concat(0, zero.add(1), zero);
        double apart = UnpairedLoss.APO_ZERO_UNPAIRED
                .of(Tensor.concat(0, a, b), Tensor.concat(0, zero, zero), labels, null, 0.3, 1, 1)
                .item();
        double paired = PreferenceLoss.APO_ZERO
                .of(PairLogProbs.of(a, b, zero, zero), 0.3, 0)
                .item();
        assertThat(apart).isCloseTo(paired / 2, within(1e-14));
    }

    @Test
    void ktoIsKto() {
        Tensor policy = Drawn.normal(1, 4);
        Tensor reference = Drawn.normal(2, 4);
        Tensor baseline = KtoLoss.baseline(reference.add(1), reference);
        assertThat(UnpairedLoss.KTO
                        .of(policy, reference, labels(5, 4), baseline, 0.4, 1.2, 0.8)
                        .item())
                .isEqualTo(KtoLoss.of(policy, reference, labels(5, 4), baseline, 0.4, 1.2, 0.8)
                        .item());
        assertThat(UnpairedLoss.KTO.needsBaseline()).isTrue();
        assertThat(UnpairedLoss.APO_ZERO_UNPAIRED.needsBaseline()).isFalse();
    }

    @Test
    void gradientsInEveryType() {
        Tensor reference = Drawn.normal(2, 5);
        GradientCheck.of(
                        x -> UnpairedLoss.APO_ZERO_UNPAIRED.of(x[0], reference, labels(5, 5), null, 0.7, 1.3, 0.6),
                        Drawn.normal(1, 5))
                .requirePass();
        for (DType dtype : DType.values()) {
            Tensor each = reference.to(dtype);
            assertThat(UnpairedLoss.APO_ZERO_UNPAIRED
                            .of(each, each, labels(5, 5).to(dtype), null, 1, 1, 1)
                            .item())
                    .isEqualTo(0.5);
        }
    }

    @Test
    void badInput() {
        Tensor three = Drawn.normal(1, 3);
        assertThatThrownBy(() -> UnpairedLoss.KTO.of(three, three, three, null, 0.1, 1, 1))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("the baseline must be given");
        assertThatThrownBy(() -> UnpairedLoss.APO_ZERO_UNPAIRED.of(three, three, three, null, 0, 1, 1))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("beta must be above 0");
    }
}
