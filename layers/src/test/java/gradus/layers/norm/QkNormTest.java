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

class QkNormTest {
    private Rng rng = Rng.of(8); // drawn anew in each try
    private static final double EPS = 1e-6;

    private QkNorm norm(int headDim) {
        QkNorm norm = new QkNorm(headDim, EPS);
        norm.to(DType.FLOAT64);
        norm.namedParameters().get("weight").copyFrom(normal("gain", headDim));
        return norm;
    }

    private Tensor normal(String name, int... dims) {
        return Tensor.randn(rng.at(name), dims).to(DType.FLOAT64);
    }

    @Property(tries = 200)
    void equalsTheLoop(
            @ForAll @IntRange(min = 1, max = 2) int batch,
            @ForAll @IntRange(min = 1, max = 3) int time,
            @ForAll @IntRange(min = 1, max = 3) int heads,
            @ForAll @IntRange(min = 1, max = 17) int headDim,
            @ForAll long seed) {
        rng = Rng.of(seed);
        QkNorm norm = norm(headDim);
        double[] gain = norm.namedParameters().get("weight").toArray();
        Tensor input = normal("x", batch, time, heads * headDim);
        double[] x = input.toArray();
        double[] expected = new double[x.length];
        for (int first = 0; first < x.length; first += headDim) {
            double square = 0;
            for (int d = 0; d < headDim; d++) {
                square += x[first + d] * x[first + d];
            }
            for (int d = 0; d < headDim; d++) {
                expected[first + d] = gain[d] * x[first + d] / Math.sqrt(square / headDim + EPS);
            }
        }
        assertThat(norm.forward(input).toArray()).containsExactly(expected, within(1e-12));
    }

    /// With gains of 1, |q·k|/√D stays below √D however large q and k are, by Cauchy and Schwarz.
    @Property(tries = 200)
    void boundsTheLogits(@ForAll @IntRange(min = 1, max = 17) int headDim, @ForAll long seed) {
        QkNorm norm = new QkNorm(headDim, EPS);
        norm.to(DType.FLOAT64);
        Tensor q = Tensor.randn(Rng.of(seed), 1, 1, headDim).to(DType.FLOAT64).mul(1e3);
        Tensor k = Tensor.randn(Rng.of(seed).at("k"), 1, 1, headDim)
                .to(DType.FLOAT64)
                .mul(1e3);
        double logit = norm.forward(q).mul(norm.forward(k)).sum().item() / Math.sqrt(headDim);
        assertThat(Math.abs(logit)).isLessThanOrEqualTo(Math.sqrt(headDim) * (1 + 1e-12));
    }

    @Test
    void aHeadDoesNotSeeTheOthers() {
        QkNorm norm = norm(4);
        Tensor x = normal("x", 1, 2, 12);
        assertThat(norm.forward(x).slice(2, 4, 8).toArray())
                .containsExactly(norm.forward(x.slice(2, 4, 8)).toArray(), within(1e-15));
    }

    @Test
    void gradients() {
        QkNorm norm = norm(3);
        Tensor x = normal("x", 2, 2, 6);
        LayerGradients.requireRight(norm, Map.of("x", x), () -> norm.forward(x));
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new QkNorm(0, EPS))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("headDim must be at least 1; got 0");
        for (double eps : new double[] {0, -1, Double.NaN}) { // BAD-INPUT 26
            assertThatThrownBy(() -> new QkNorm(4, eps))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("eps must be above 0");
        }
        assertThatThrownBy(() -> norm(4).forward(Tensor.zeros(1, 2, 6))) // BAD-INPUT 7
                .isInstanceOf(ShapeException.class)
                .hasMessageContaining("x must be (B, T, H·4); got (1, 2, 6)");
    }
}
