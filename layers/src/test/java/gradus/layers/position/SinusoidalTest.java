package gradus.layers.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.LayerGradients;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.io.IOException;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SinusoidalTest {
    private static Tensor zeros(int... dims) {
        return Tensor.zeros(dims).to(DType.FLOAT64);
    }

    @Property(tries = 200)
    void equalsTheLoopAndItsLaws(
            @ForAll @IntRange(min = 1, max = 9) int time,
            @ForAll @IntRange(min = 1, max = 17) int half,
            @ForAll @IntRange(min = 0, max = 500) int first,
            @ForAll long seed) {
        try (var scope = Scope.open()) {
            Tensor x = Tensor.randn(Rng.of(seed), 2, time, 2 * half).to(DType.FLOAT64);
            Sinusoidal sinusoidal = new Sinusoidal();
            Tensor y = sinusoidal.embed(x, first);
            for (int t = 0; t < time; t++) {
                double square = 0;
                double product = 0;
                double expectedProduct = 0;
                for (int c = 0; c < 2 * half; c++) {
                    double angle = (first + t) / Math.pow(10_000, (c - c % 2) / (2.0 * half));
                    double expected = c % 2 == 0 ? Math.sin(angle) : Math.cos(angle);
                    assertThat(y.get(1, t, c) - x.get(1, t, c)).isCloseTo(expected, within(1e-12));
                    square += expected * expected;
                    product += expected * (y.get(0, 0, c) - x.get(0, 0, c));
                    expectedProduct += 0.5 * Math.cos(t / Math.pow(10_000, (c - c % 2) / (2.0 * half)));
                }
                assertThat(square).isCloseTo(half, within(1e-12));
                assertThat(product).isCloseTo(expectedProduct, within(1e-11)); // by the distance t alone
            }
        }
    }

    @Test
    void agreesWithTransformers() throws IOException {
        for (Golden golden : Golden.of("sinusoid")) { // all sines, then all cosines; float32
            int dim = golden.whole(0);
            int rows = golden.field(1).length / dim;
            Tensor y = new Sinusoidal().embed(zeros(1, rows, dim), 0);
            for (int t = 0; t < rows; t++) {
                for (int c = 0; c < dim; c++) {
                    int from = c % 2 == 0 ? c / 2 : dim / 2 + c / 2;
                    assertThat(y.get(0, t, c)).isCloseTo(golden.field(1)[t * dim + from], within(1e-6));
                }
            }
        }
    }

    /// The table grows while others read it.
    @Test
    void threadsMayShareIt() {
        for (int round = 0; round < 50; round++) {
            Sinusoidal shared = new Sinusoidal();
            IntStream.rangeClosed(1, 64)
                    .parallel()
                    .map(i -> i * 37 % 65 * 40 + 1)
                    .forEach(time -> {
                        double[] last = shared.embed(zeros(1, time, 2), 0).toArray();
                        assertThat(last[2 * time - 2]).isCloseTo(Math.sin(time - 1), within(1e-12));
                    });
        }
    }

    @Test
    void anyLengthAndType() {
        Sinusoidal sinusoidal = new Sinusoidal();
        sinusoidal.embed(Tensor.zeros(1, 3, 4), 0);
        double[] far = sinusoidal.embed(zeros(1, 2, 4), 10_000).toArray();
        assertThat(far[0]).isCloseTo(Math.sin(10_000), within(1e-12));
        assertThat(sinusoidal.embed(zeros(1, 1, 6), 0).toArray()).containsExactly(0, 1, 0, 1, 0, 1);
    }

    @Test
    void gradients() {
        Sinusoidal sinusoidal = new Sinusoidal();
        Tensor x = Tensor.randn(Rng.of(1), 2, 3, 4).to(DType.FLOAT64);
        LayerGradients.requireRight(sinusoidal, Map.of("x", x), () -> sinusoidal.embed(x, 2));
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new Sinusoidal().embed(Tensor.zeros(1, 2, 5), 0))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("even; got 5");
        assertThatThrownBy(() -> new Sinusoidal().embed(Tensor.zeros(1, 2, 4), -1))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("-1");
    }
}
