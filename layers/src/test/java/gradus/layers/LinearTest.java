package gradus.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LinearTest {
    private Rng rng = Rng.of(1); // drawn anew in each try

    private Tensor normal(String name, int... dims) {
        return Tensor.randn(rng.at(name), dims).to(DType.FLOAT64);
    }

    @Property(tries = 200)
    void equalsTheLoop(
            @ForAll @IntRange(min = 1, max = 5) int rows,
            @ForAll @IntRange(min = 1, max = 17) int in,
            @ForAll @IntRange(min = 1, max = 9) int out,
            @ForAll long seed) {
        rng = Rng.of(seed);
        Linear linear = new Linear(in, out, rng);
        linear.to(DType.FLOAT64);
        Tensor x = normal("x", rows, in);
        Tensor y = linear.forward(x);
        assertThat(y.shape().dims()).containsExactly(rows, out);
        for (int r = 0; r < rows; r++) {
            for (int o = 0; o < out; o++) {
                double sum = linear.bias().get(o);
                for (int i = 0; i < in; i++) {
                    sum += x.get(r, i) * linear.weight().get(o, i);
                }
                assertThat(y.get(r, o)).isCloseTo(sum, within(1e-13)); // at most 17 products near 1 in double
            }
        }
    }

    @Test
    void withoutABiasItIsLinear() {
        Linear linear = new Linear(7, 3, false, rng);
        linear.to(DType.FLOAT64);
        Tensor x = normal("x", 2, 7);
        Tensor z = normal("z", 2, 7);
        double[] together = linear.forward(x.mul(2).add(z)).toArray();
        double[] apart = linear.forward(x).mul(2).add(linear.forward(z)).toArray();
        assertThat(together).containsExactly(apart, within(1e-13));
        assertThat(linear.namedParameters()).containsOnlyKeys("weight");
    }

    @Test
    void startsUniformWithinOneOverTheRootOfIn() {
        double[] weights = new Linear(100, 200, rng).weight().toArray();
        double bound = 0.1;
        double squares = 0;
        for (double weight : weights) {
            assertThat(Math.abs(weight)).isLessThanOrEqualTo(bound + 1e-8);
            squares += weight * weight;
        }
        // the variance of a uniform number is bound²/3; 20,000 draws know it to about 0.6 %
        assertThat(squares / weights.length).isCloseTo(bound * bound / 3, within(0.03 * bound * bound / 3));
    }

    @Test
    void gradients() {
        Linear linear = new Linear(5, 4, rng);
        Tensor x = normal("x", 2, 3, 5);
        LayerGradients.requireRight(linear, Map.of("x", x), () -> linear.forward(x));
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new Linear(0, 3, rng))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("in");
        assertThatThrownBy(() -> new Linear(3, -1, rng)).isInstanceOf(ConfigException.class);
        Linear linear = new Linear(5, 4, rng);
        assertThatThrownBy(() -> linear.forward(Tensor.zeros(2, 6))).isInstanceOf(ShapeException.class); // BAD-INPUT 8
        assertThatThrownBy(() -> linear.forward(Tensor.zeros(2, 5).to(DType.FLOAT64)))
                .isInstanceOf(ShapeException.class); // BAD-INPUT 15
    }
}
