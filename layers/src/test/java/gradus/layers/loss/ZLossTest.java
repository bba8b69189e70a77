package gradus.layers.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ZLossTest {
    private static Tensor normal(long seed, int... dims) {
        return Tensor.randn(Rng.of(seed), dims).to(DType.FLOAT64);
    }

    @Property(tries = 200)
    void equalsTheLoop(
            @ForAll @IntRange(min = 1, max = 5) int rows,
            @ForAll @IntRange(min = 1, max = 17) int columns,
            @ForAll long seed) {
        Tensor logits = normal(seed, rows, columns).mul(3);
        double expected = 0;
        for (int row = 0; row < rows; row++) {
            double sum = 0;
            for (int v = 0; v < columns; v++) {
                sum += Math.exp(logits.get(row, v));
            }
            expected += Math.log(sum) * Math.log(sum) / rows;
        }
        assertThat(ZLoss.of(logits).item()).isCloseTo(expected, within(1e-12 * (1 + expected)));
    }

    /// It vanishes where logits are log-probabilities, and grows with the square of a shift from there.
    @Property(tries = 200)
    void measuresTheShiftOfLogProbabilities(@ForAll @IntRange(min = 1, max = 17) int columns, @ForAll long seed) {
        Tensor logP = normal(seed, 3, columns).logSoftmax();
        assertThat(ZLoss.of(logP).item()).isCloseTo(0, within(1e-14));
        assertThat(ZLoss.of(logP.sub(2)).item()).isCloseTo(4, within(1e-13));
    }

    @Test
    void gradients() {
        GradientCheck.of(x -> ZLoss.of(x[0]), normal(2, 4, 3)).requirePass();
    }

    @Test
    void largeLogitsStayFinite() { // BAD-INPUT 185
        assertThat(ZLoss.of(normal(3, 2, 4).mul(1e4)).item()).isFinite();
    }
}
