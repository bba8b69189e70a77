package gradus.train.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.tensor.Tensor;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class ClipTest {
    private static Tensor withGradient(double... gradient) {
        Tensor tensor = Tensor.of(new double[gradient.length], gradient.length).requireGrad();
        tensor.mul(Tensor.of(gradient, gradient.length)).sum().backward();
        return tensor;
    }

    @Test
    void theNormGoesOverAllParameters() {
        List<Tensor> parameters = List.of(withGradient(3), withGradient(0, 4));
        assertThat(Clip.clipGradNorm(parameters, 100)).isEqualTo(5);
        assertThat(parameters.get(0).grad().toArray()).containsExactly(3); // below the bound nothing changes
        assertThat(parameters.get(1).grad().toArray()).containsExactly(0, 4);
    }

    @Property(tries = 200)
    void boundsTheNormAndKeepsTheDirection(
            @ForAll @DoubleRange(min = -50, max = 50) double a,
            @ForAll @DoubleRange(min = -50, max = 50) double b,
            @ForAll @DoubleRange(min = 0.01, max = 20) double max) {
        List<Tensor> parameters = List.of(withGradient(a), withGradient(b));
        double norm = Clip.clipGradNorm(parameters, max);
        assertThat(norm).isCloseTo(Math.hypot(a, b), within(1e-12));
        double clippedA = parameters.get(0).grad().item();
        double clippedB = parameters.get(1).grad().item();
        assertThat(Math.hypot(clippedA, clippedB)).isLessThanOrEqualTo(Math.min(norm, max) + 1e-12);
        assertThat(clippedA * b - clippedB * a).isCloseTo(0, within(1e-10));
    }

    @Test
    void aZeroNormStaysZero() { // BAD-INPUT 183
        Tensor tensor = withGradient(0, 0);
        assertThat(Clip.clipGradNorm(List.of(tensor), 1)).isZero();
        assertThat(tensor.grad().toArray()).containsExactly(0, 0);
    }

    @Test
    void anInfiniteNormIsToldAndChangesNothing() { // BAD-INPUT 180
        Tensor infinite = withGradient(Double.POSITIVE_INFINITY);
        Tensor finite = withGradient(7);
        assertThat(Clip.clipGradNorm(List.of(finite, infinite), 1)).isInfinite();
        assertThat(finite.grad().item()).isEqualTo(7);
        assertThat(Clip.clipGradNorm(List.of(finite, withGradient(Double.NaN)), 1))
                .isNaN();
        assertThat(finite.grad().item()).isEqualTo(7);
    }

    @Test
    void parametersWithoutAGradientAreLeftOut() {
        Tensor frozen = Tensor.zeros(3);
        assertThat(Clip.clipGradNorm(List.of(frozen, withGradient(2)), 1)).isEqualTo(2);
    }

    /// `max/(norm + 1e-6)`, as PyTorch has it: at the bound itself it takes a hair, just below it nothing.
    @Test
    void t5_atTheBoundAHairIsTakenAndBelowItNothing() {
        for (double max : new double[] {1, 5}) {
            List<Tensor> parameters = List.of(withGradient(3), withGradient(0, 4));
            assertThat(Clip.clipGradNorm(parameters, max)).isEqualTo(5);
            double scale = max / (5 + 1e-6);
            // double: one product
            assertThat(parameters.get(0).grad().item()).isCloseTo(3 * scale, within(1e-15));
            assertThat(parameters.get(1).grad().toArray()).containsExactly(new double[] {0, 4 * scale}, within(1e-15));
        }
        Tensor below = withGradient(3, 4);
        Clip.clipGradNorm(List.of(below), 5.1);
        assertThat(below.grad().toArray()).containsExactly(3, 4);
    }
}
