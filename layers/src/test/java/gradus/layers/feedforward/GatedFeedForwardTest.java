package gradus.layers.feedforward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.LayerGradients;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Glu, GeGlu, ReGlu and SwiGlu, which share all but the function of the gate.
class GatedFeedForwardTest {
    private Rng rng = Rng.of(14); // drawn anew in each try

    /// A variant and its gate in plain Java.
    enum Variant {
        GLU(a -> 1 / (1 + Math.exp(-a))),
        GEGLU(a -> a * normal(a)),
        REGLU(a -> Math.max(a, 0)),
        SWIGLU(a -> a / (1 + Math.exp(-a)));

        final DoubleUnaryOperator gate;

        Variant(DoubleUnaryOperator gate) {
            this.gate = gate;
        }

        GatedFeedForward of(int dim, int hidden, Rng rng) {
            GatedFeedForward layer = switch (this) {
                case GLU -> new Glu(dim, hidden, rng);
                case GEGLU -> new GeGlu(dim, hidden, rng);
                case REGLU -> new ReGlu(dim, hidden, rng);
                case SWIGLU -> new SwiGlu(dim, hidden, rng);
            };
            layer.to(DType.FLOAT64);
            return layer;
        }

        /// The normal distribution function: its power series about 0, whose terms soon vanish for |x| < 5.
        private static double normal(double x) {
            double term = x / Math.sqrt(2 * Math.PI);
            double sum = term;
            for (int k = 1; k < 100; k++) {
                term *= -x * x / (2 * k);
                sum += term / (2 * k + 1);
            }
            return 0.5 + sum;
        }
    }

    private Tensor normal(String name, int... dims) {
        return Tensor.randn(rng.at(name), dims).to(DType.FLOAT64);
    }

    @Property(tries = 200)
    void equalsTheLoop(
            @ForAll Variant variant,
            @ForAll @IntRange(min = 1, max = 4) int rows,
            @ForAll @IntRange(min = 1, max = 6) int dim,
            @ForAll @IntRange(min = 1, max = 17) int hidden,
            @ForAll long seed) {
        rng = Rng.of(seed);
        GatedFeedForward layer = variant.of(dim, hidden, rng);
        Map<String, Tensor> p = layer.namedParameters();
        Tensor x = normal("x", rows, dim);
        Tensor y = layer.forward(x);
        for (int r = 0; r < rows; r++) {
            double[] expected = new double[dim];
            for (int f = 0; f < hidden; f++) {
                double gate = 0;
                double up = 0;
                for (int c = 0; c < dim; c++) {
                    gate += p.get("gate_proj.weight").get(f, c) * x.get(r, c);
                    up += p.get("up_proj.weight").get(f, c) * x.get(r, c);
                }
                for (int c = 0; c < dim; c++) {
                    expected[c] += p.get("down_proj.weight").get(c, f) * variant.gate.applyAsDouble(gate) * up;
                }
            }
            for (int c = 0; c < dim; c++) {
                assertThat(y.get(r, c)).isCloseTo(expected[c], within(1e-12));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void gradients(Variant variant) {
        GatedFeedForward layer = variant.of(4, 7, rng);
        Tensor x = normal("x", 2, 3, 4); // no gate of these draws comes near ReLU's kink
        LayerGradients.requireRight(layer, Map.of("x", x), () -> layer.forward(x));
    }

    @ParameterizedTest
    @EnumSource
    void withoutUpwardValuesNothingComesOut(Variant variant) {
        GatedFeedForward layer = variant.of(3, 5, rng);
        layer.namedParameters()
                .get("up_proj.weight")
                .copyFrom(normal("zero", 5, 3).mul(0));
        assertThat(layer.forward(normal("x", 2, 3)).abs().toArray()).containsOnly(0);
    }

    /// Published models.
    @ParameterizedTest
    @CsvSource({
        "4096, 1, 256, 11008", // Llama 2 7B
        "5120, 1, 256, 13824", // Llama 2 13B
        "8192, 1.3, 4096, 28672", // Llama 2 70B
        "4096, 1.3, 1024, 14336", // Llama 3 8B
        "1, 1, 1, 2",
        "3, 1, 8, 8",
    })
    void hiddenSizes(int dim, double multiplier, int multipleOf, int hidden) {
        assertThat(GatedFeedForward.hiddenFor(dim, multiplier, multipleOf)).isEqualTo(hidden);
    }

    @Property(tries = 200)
    void theHiddenSizeIsTheNextMultiple(
            @ForAll @IntRange(min = 1, max = 10_000) int dim, @ForAll @IntRange(min = 1, max = 300) int multipleOf) {
        int hidden = GatedFeedForward.hiddenFor(dim, 1, multipleOf);
        assertThat(hidden % multipleOf).isZero();
        assertThat(hidden - 8 * dim / 3).isBetween(0, multipleOf - 1);
    }

    @Test
    void namesAreThoseOfHuggingFace() {
        assertThat(Variant.SWIGLU.of(2, 3, rng).namedParameters().keySet())
                .containsExactly("gate_proj.weight", "up_proj.weight", "down_proj.weight");
    }

    @Test
    void badInput() {
        for (Variant variant : Variant.values()) {
            assertThatThrownBy(() -> variant.of(0, 4, rng)).isInstanceOf(ConfigException.class);
            assertThatThrownBy(() -> variant.of(4, 0, rng)).isInstanceOf(ConfigException.class);
        }
        assertThatThrownBy(() -> GatedFeedForward.hiddenFor(0, 1, 1))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("dim must be at least 1; got 0");
        assertThatThrownBy(() -> GatedFeedForward.hiddenFor(4, Double.NaN, 1))
                .hasMessageContaining("multiplier must be above 0");
        assertThatThrownBy(() -> GatedFeedForward.hiddenFor(4, 1e300, 1)).hasMessageContaining("hidden size");
        assertThatThrownBy(() -> GatedFeedForward.hiddenFor(4, 1, 0)).hasMessageContaining("multipleOf");
    }
}
