package gradus.layers.feedforward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.LayerGradients;
import gradus.layers.activation.GeluTanh;
import gradus.layers.activation.Tanh;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MlpTest {
    private Rng rng = Rng.of(9); // drawn anew in each try

    @Property(tries = 200)
    void equalsTheLoop(
            @ForAll @IntRange(min = 1, max = 4) int rows,
            @ForAll @IntRange(min = 1, max = 6) int dim,
            @ForAll @IntRange(min = 1, max = 9) int hidden,
            @ForAll long seed) {
        rng = Rng.of(seed);
        Mlp mlp = new Mlp(dim, hidden, new Tanh(), rng);
        mlp.to(DType.FLOAT64);
        Map<String, Tensor> p = mlp.namedParameters();
        Tensor x = Tensor.randn(rng.at("x"), rows, dim).to(DType.FLOAT64);
        Tensor y = mlp.forward(x);
        for (int r = 0; r < rows; r++) {
            double[] expected = p.get("c_proj.bias").toArray();
            for (int f = 0; f < hidden; f++) {
                double inner = p.get("c_fc.bias").get(f);
                for (int c = 0; c < dim; c++) {
                    inner += p.get("c_fc.weight").get(f, c) * x.get(r, c);
                }
                for (int c = 0; c < dim; c++) {
                    expected[c] += p.get("c_proj.weight").get(c, f) * Math.tanh(inner);
                }
            }
            for (int c = 0; c < dim; c++) {
                assertThat(y.get(r, c)).isCloseTo(expected[c], within(1e-12));
            }
        }
    }

    @Test
    void positionsDoNotSeeEachOther() {
        Mlp mlp = new Mlp(4, 8, new GeluTanh(), rng);
        mlp.to(DType.FLOAT64);
        Tensor x = Tensor.randn(rng.at("x"), 1, 3, 4).to(DType.FLOAT64);
        assertThat(mlp.forward(x).slice(1, 2, 3).toArray())
                .containsExactly(mlp.forward(x.slice(1, 2, 3)).toArray(), within(1e-13));
    }

    @Test
    void gradients() {
        Mlp mlp = new Mlp(4, 7, new GeluTanh(), rng);
        Tensor x = Tensor.randn(rng.at("x"), 2, 3, 4).to(DType.FLOAT64);
        LayerGradients.requireRight(mlp, Map.of("x", x), () -> mlp.forward(x));
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new Mlp(4, 0, new Tanh(), rng)).isInstanceOf(ConfigException.class);
    }
}
