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

class TokenEntropyTest {
    private static final double NEVER = Double.NEGATIVE_INFINITY;

    @Property(tries = 200)
    void equalsTheLoop(
            @ForAll @IntRange(min = 1, max = 3) int n,
            @ForAll @IntRange(min = 1, max = 4) int t,
            @ForAll @IntRange(min = 1, max = 9) int v,
            @ForAll @DoubleRange(min = 0, max = 20) double scale,
            @ForAll long seed) {
        Tensor logits = Drawn.normal(seed, n, t, v).mul(scale);
        Tensor entropy = TokenEntropy.of(logits);
        assertThat(entropy.shape().dims()).containsExactly(n, t);
        for (int i = 0; i < n; i++) {
            for (int at = 0; at < t; at++) {
                double sum = 0;
                for (int k = 0; k < v; k++) {
                    sum += Math.exp(logits.get(i, at, k));
                }
                double expected = 0;
                for (int k = 0; k < v; k++) {
                    double p = Math.exp(logits.get(i, at, k)) / sum;
                    expected -= p == 0 ? 0 : p * Math.log(p);
                }
                // Logits below 100 round by 1e-14, and so do their differences.
                assertThat(entropy.get(i, at))
                        .isCloseTo(expected, within(1e-13))
                        .isBetween(-1e-13, Math.log(v) + 1e-13);
            }
        }
    }

    @Test
    void certaintyIsZeroAndEqualChancesAreTheLogarithmOfTheirNumber() {
        for (DType dtype : DType.values()) {
            Tensor logits = Tensor.of(new double[] {1e4, 0, 0, 5, 5, 5, NEVER, 2, 2}, 1, 3, 3)
                    .to(dtype)
                    .requireGrad();
            Tensor entropy = TokenEntropy.of(logits);
            double rounding = dtype == DType.FLOAT32 ? 2e-7 : 1e-15;
            double[] expected = {0, Math.log(3), Math.log(2)};
            assertThat(entropy.toArray()).containsExactly(expected, within(rounding));
            entropy.sum().backward(); // equal chances are the maximum
            assertThat(logits.grad().toArray()).containsExactly(new double[9], within(rounding));
        }
    }

    @Test
    void gradients() {
        GradientCheck.of(x -> TokenEntropy.of(x[0]), Drawn.normal(1, 2, 3, 4)).requirePass();
    }

    @Test
    void badInput() { // BAD-INPUT 6, 14
        assertThatThrownBy(() -> TokenEntropy.of(null)).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> TokenEntropy.of(Drawn.normal(1)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("logits must be (..., V)");
    }
}
