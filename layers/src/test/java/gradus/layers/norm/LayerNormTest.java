package gradus.layers.norm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.layers.LayerGradients;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.Arrays;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LayerNormTest {
    private Rng rng = Rng.of(5); // drawn anew in each try
    private static final double EPS = 1e-5;

    /// A norm whose gain and bias are not 1 and 0.
    private LayerNorm norm(int dim, double eps) {
        LayerNorm norm = new LayerNorm(dim, eps);
        norm.to(DType.FLOAT64);
        norm.namedParameters().get("weight").copyFrom(normal("gain", dim));
        norm.namedParameters().get("bias").copyFrom(normal("bias", dim));
        return norm;
    }

    private Tensor normal(String name, int... dims) {
        return Tensor.randn(rng.at(name), dims).to(DType.FLOAT64);
    }

    @Property(tries = 200)
    void equalsTheLoop(
            @ForAll @IntRange(min = 1, max = 5) int rows,
            @ForAll @IntRange(min = 1, max = 33) int dim,
            @ForAll long seed) {
        rng = Rng.of(seed);
        LayerNorm norm = norm(dim, EPS);
        Tensor x = normal("x", rows, dim);
        Tensor y = norm.forward(x);
        for (int r = 0; r < rows; r++) {
            double mean = 0;
            for (int c = 0; c < dim; c++) {
                mean += x.get(r, c) / dim;
            }
            double variance = 0;
            for (int c = 0; c < dim; c++) {
                variance += (x.get(r, c) - mean) * (x.get(r, c) - mean) / dim;
            }
            for (int c = 0; c < dim; c++) {
                double gain = norm.namedParameters().get("weight").get(c);
                double bias = norm.namedParameters().get("bias").get(c);
                double expected = (x.get(r, c) - mean) / Math.sqrt(variance + EPS) * gain + bias;
                assertThat(y.get(r, c)).isCloseTo(expected, within(1e-11)); // 1/√ε = 316 times the rounding of double
            }
        }
    }

    @Test
    void forgetsShiftAndScale() {
        LayerNorm norm = norm(11, 1e-12); // ε small, so that scaling does not show it
        Tensor x = normal("x", 3, 11);
        assertThat(norm.forward(x.mul(4).add(3)).toArray())
                .containsExactly(norm.forward(x).toArray(), within(1e-9));
    }

    @Test
    void aConstantRowGivesTheBias() {
        LayerNorm norm = norm(6, EPS);
        assertThat(norm.forward(Tensor.ones(1, 6).mul(3).to(DType.FLOAT64)).toArray())
                .containsExactly(norm.namedParameters().get("bias").toArray(), within(1e-12));
    }

    @Test
    void withoutGainTheInputsGradientSumsToZero() {
        LayerNorm norm = new LayerNorm(9, EPS);
        norm.to(DType.FLOAT64);
        Tensor x = normal("x", 2, 9).requireGrad();
        norm.forward(x).backward(normal("dy", 2, 9));
        double[] dx = x.grad().toArray();
        assertThat(Arrays.stream(dx, 0, 9).sum()).isCloseTo(0, within(1e-12));
        assertThat(Arrays.stream(dx, 9, 18).sum()).isCloseTo(0, within(1e-12));
    }

    @Test
    void gradients() {
        LayerNorm norm = norm(7, EPS);
        Tensor x = normal("x", 2, 3, 7);
        LayerGradients.requireRight(norm, Map.of("x", x), () -> norm.forward(x));
    }

    @Test
    void badInput() {
        for (double eps : new double[] {0, -1e-5, Double.NaN}) { // BAD-INPUT 26
            assertThatThrownBy(() -> new LayerNorm(4, eps))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("eps");
        }
        assertThatThrownBy(() -> new LayerNorm(0, EPS)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new LayerNorm(4, EPS).forward(Tensor.zeros(2, 5)))
                .isInstanceOf(ShapeException.class);
    }
}
