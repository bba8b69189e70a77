package gradus.layers.loss.alignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class KtoLossTest {
    private static Tensor labels(long seed, int n) {
        double[] labels = new double[n];
        Arrays.setAll(labels, i -> (seed >> i % 60 & 1));
        return Tensor.of(labels, n);
    }

    @Property(tries = 200)
    void equalsTheLoop(
            @ForAll @IntRange(min = 1, max = 6) int n,
            @ForAll @DoubleRange(min = 0.05, max = 2) double beta,
            @ForAll @DoubleRange(min = 0, max = 2) double desirable,
            @ForAll @DoubleRange(min = 0, max = 2) double undesirable,
            @ForAll long seed) {
        Tensor policy = Drawn.normal(seed, n);
        Tensor reference = Drawn.normal(seed + 1, n);
        Tensor labels = labels(seed, n);
        Tensor baseline = KtoLoss.baseline(Drawn.normal(seed + 2, 3), Drawn.normal(seed + 3, 3));
        double z = 0;
        for (int i = 0; i < 3; i++) {
            z += (Drawn.normal(seed + 2, 3).get(i) - Drawn.normal(seed + 3, 3).get(i)) / 3;
        }
        z = Math.max(0, z);
        assertThat(baseline.item()).isCloseTo(z, within(1e-15));
        double expected = 0;
        for (int i = 0; i < n; i++) {
            double gain = policy.get(i) - reference.get(i) - z;
            expected += labels.get(i) == 1
                    ? desirable * (1 - Drawn.sigmoid(beta * gain)) / n
                    : undesirable * (1 - Drawn.sigmoid(-beta * gain)) / n;
        }
        double loss = KtoLoss.of(policy, reference, labels, baseline, beta, desirable, undesirable)
                .item();
        assertThat(loss).isCloseTo(expected, within(1e-14));
    }

    /// Desirable answers become more probable and the others less.
    @Property(tries = 200)
    void theGradientHasTheSignOfTheLabel(@ForAll @IntRange(min = 1, max = 6) int n, @ForAll long seed) {
        Tensor policy = Drawn.normal(seed, n);
        Tensor labels = labels(seed, n);
        Tensor baseline = KtoLoss.baseline(Drawn.normal(seed + 2, 3), Drawn.normal(seed + 3, 3));
        double[] gradient =
                Drawn.gradient(policy, x -> KtoLoss.of(x, Drawn.normal(seed + 1, n), labels, baseline, 0.5, 1, 1));
        for (int i = 0; i < n; i++) {
            assertThat(Math.signum(gradient[i])).isEqualTo(labels.get(i) == 1 ? -1 : 1);
        }
    }

    @Test
    void aPolicyThatIsItsReferenceLosesAHalf() {
        Tensor policy = Drawn.normal(1, 4);
        Tensor baseline = KtoLoss.baseline(policy, policy);
        assertThat(baseline.item()).isZero();
        assertThat(KtoLoss.of(policy, policy, labels(5, 4), baseline, 0.1, 1, 1).item())
                .isEqualTo(0.5);
    }

    @Test
    void neitherBaselineNorReferenceGetsAGradient() {
        Tensor mismatched = Drawn.normal(1, 3).add(9).detach().requireGrad();
        Tensor reference = Drawn.normal(2, 3).requireGrad();
        Tensor policy = Drawn.normal(3, 3).requireGrad();
        Tensor baseline = KtoLoss.baseline(mismatched, reference);
        assertThat(baseline.requiresGrad()).isFalse();
        Tensor moving = mismatched.mean();
        KtoLoss.of(policy, reference, labels(5, 3), moving, 0.1, 1, 1).backward();
        assertThat(mismatched.grad()).isNull();
        assertThat(reference.grad()).isNull();
    }

    @Test
    void gradients() {
        Tensor reference = Drawn.normal(2, 5);
        Tensor baseline = KtoLoss.baseline(Drawn.normal(3, 4).add(1), Drawn.normal(4, 4));
        assertThat(baseline.item()).isPositive();
        GradientCheck.of(x -> KtoLoss.of(x[0], reference, labels(5, 5), baseline, 0.7, 1.3, 0.6), Drawn.normal(1, 5))
                .requirePass();
    }

    @Test
    void badInput() { // BAD-INPUT 7, 14
        Tensor three = Drawn.normal(1, 3);
        Tensor zero = Tensor.of(new double[1]).sum();
        for (double wrong : new double[] {0, -1, Double.NaN}) {
            assertThatThrownBy(() -> KtoLoss.of(three, three, three, zero, wrong, 1, 1))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("ktoLoss: beta must be above 0; got " + wrong);
        }
        for (double wrong : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> KtoLoss.of(three, three, three, zero, 0.1, wrong, 1))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("ktoLoss: weights must be at least 0; got " + wrong + " and 1.0");
            assertThatThrownBy(() -> KtoLoss.of(three, three, three, zero, 0.1, 1, wrong))
                    .isInstanceOf(ConfigException.class);
        }
        assertThatThrownBy(() -> KtoLoss.of(three, Drawn.normal(1, 1), three, zero, 0.1, 1, 1))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("policy and reference must both be (N)");
        assertThatThrownBy(() -> KtoLoss.of(three, three, Drawn.normal(1, 4), zero, 0.1, 1, 1))
                .isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> KtoLoss.of(three, three, three, three, 0.1, 1, 1))
                .isInstanceOf(ShapeException.class)
                .hasMessage("ktoLoss: the baseline must be a scalar; got (3,)");
        assertThatThrownBy(() -> KtoLoss.of(three, three, three, null, 0.1, 1, 1))
                .isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> KtoLoss.baseline(three, Drawn.normal(1, 2))).isInstanceOf(ShapeException.class);
    }
}
