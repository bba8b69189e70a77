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
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RMSNormTest {
    private Rng rng = Rng.of(6); // drawn anew in each try
    private static final double EPS = 1e-6;

    private RMSNorm norm(int dim, double eps) {
        RMSNorm norm = new RMSNorm(dim, eps);
        norm.to(DType.FLOAT64);
        norm.namedParameters().get("weight").copyFrom(normal("gain", dim));
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
        RMSNorm norm = norm(dim, EPS);
        Tensor x = normal("x", rows, dim);
        Tensor y = norm.forward(x);
        for (int r = 0; r < rows; r++) {
            double meanSquare = 0;
            for (int c = 0; c < dim; c++) {
                meanSquare += x.get(r, c) * x.get(r, c) / dim;
            }
            for (int c = 0; c < dim; c++) {
                double gain = norm.namedParameters().get("weight").get(c);
                double expected = x.get(r, c) / Math.sqrt(meanSquare + EPS) * gain;
                assertThat(y.get(r, c)).isCloseTo(expected, within(1e-12));
            }
        }
    }

    @Test
    void forgetsScaleButNotShift() {
        RMSNorm norm = norm(11, 1e-12);
        Tensor x = normal("x", 3, 11);
        double[] y = norm.forward(x).toArray();
        assertThat(norm.forward(x.mul(4)).toArray()).containsExactly(y, within(1e-9));
        assertThat(norm.forward(x.add(1)).toArray()[0]).isNotCloseTo(y[0], within(1e-3));
    }

    @Test
    void equalsLayerNormWhereTheMeanIsZero() {
        Tensor x = normal("x", 3, 8);
        Tensor centred = x.sub(x.mean(1, true)); // (3, 8)
        LayerNorm layerNorm = new LayerNorm(8, EPS);
        RMSNorm rmsNorm = new RMSNorm(8, EPS);
        layerNorm.to(DType.FLOAT64);
        rmsNorm.to(DType.FLOAT64);
        assertThat(rmsNorm.forward(centred).toArray())
                .containsExactly(layerNorm.forward(centred).toArray(), within(1e-12));
    }

    @Test
    void gradients() {
        RMSNorm norm = norm(7, EPS);
        Tensor x = normal("x", 2, 3, 7);
        LayerGradients.requireRight(norm, Map.of("x", x), () -> norm.forward(x));
    }

    @Test
    void badInput() {
        for (double eps : new double[] {0, -1e-6, Double.NaN}) { // BAD-INPUT 26
            assertThatThrownBy(() -> new RMSNorm(4, eps))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("eps");
        }
        assertThatThrownBy(() -> new RMSNorm(0, EPS)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new RMSNorm(4, EPS).forward(Tensor.zeros(2, 5)))
                .isInstanceOf(ShapeException.class);
    }
}
