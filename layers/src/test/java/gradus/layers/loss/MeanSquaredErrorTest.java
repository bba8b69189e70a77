package gradus.layers.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ShapeException;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MeanSquaredErrorTest {
    private static Tensor normal(long seed, int... dims) {
        return Tensor.randn(Rng.of(seed), dims).to(DType.FLOAT64);
    }

    @Property(tries = 200)
    void equalsTheLoop(
            @ForAll @IntRange(min = 1, max = 5) int rows,
            @ForAll @IntRange(min = 1, max = 17) int columns,
            @ForAll long seed) {
        Tensor p = normal(seed, rows, columns);
        Tensor t = normal(seed + 1, rows, columns);
        double sum = 0;
        for (int i = 0; i < rows * columns; i++) {
            double error = p.get(i / columns, i % columns) - t.get(i / columns, i % columns);
            sum += error * error;
        }
        double loss = MeanSquaredError.of(p, t).item();
        assertThat(loss).isCloseTo(sum / (rows * columns), within(1e-13 * (1 + loss)));
        assertThat(MeanSquaredError.of(t, p).item()).isEqualTo(loss);
        assertThat(MeanSquaredError.of(p, p).item()).isZero();
    }

    @Test
    void gradients() {
        GradientCheck.of(x -> MeanSquaredError.of(x[0], x[1]), normal(1, 3, 4), normal(2, 3, 4))
                .requirePass();
    }

    @Test
    void badInput() { // BAD-INPUT 7
        assertThatThrownBy(() -> MeanSquaredError.of(normal(1, 3, 1), normal(1, 3)))
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("shapes must be equal; got (3, 1) and (3,)");
    }
}
