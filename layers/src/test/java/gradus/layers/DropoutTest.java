package gradus.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class DropoutTest {
    private Rng rng = Rng.of(3); // drawn anew in each try

    @Property(tries = 200)
    void equalsTheLoop(@ForAll @DoubleRange(min = 0.01, max = 0.95) double p, @ForAll long seed) {
        rng = Rng.of(seed);
        Dropout dropout = new Dropout(p);
        dropout.random(rng);
        Tensor x = Tensor.randn(rng.at("x"), 3, 37).to(DType.FLOAT64);
        double[] y = dropout.forward(x).toArray();
        double[] from = x.toArray();
        for (int i = 0; i < y.length; i++) {
            double expected = rng.uniform(i) >= p ? from[i] / (1 - p) : 0;
            assertThat(y[i]).isCloseTo(expected, within(1e-12 * Math.abs(expected)));
        }
    }

    @Test
    void keepsTheExpectation() {
        Dropout dropout = new Dropout(0.3);
        dropout.random(rng);
        // 100,000 draws of deviation √(p/(1 - p)): the mean is known to 0.002; 5 times that
        assertThat(dropout.forward(Tensor.ones(100_000)).mean().item()).isCloseTo(1, within(0.011));
    }

    @Test
    void doesNothingInEvaluation() {
        Tensor x = Tensor.ones(5);
        Dropout dropout = new Dropout(0.5);
        dropout.eval();
        assertThat(dropout.forward(x)).isSameAs(x);
        assertThat(new Dropout(0).forward(x)).isSameAs(x);
    }

    @Test
    void theMaskFollowsFromKeyAndNameOnly() {
        Tensor x = Tensor.ones(1000);
        Sequential two = new Sequential(new Dropout(0.5), new Dropout(0.5));
        two.random(rng);
        float[] first = two.forward(x).toFloatArray();
        assertThat(two.forward(x).toFloatArray()).isEqualTo(first);
        // the two places draw apart: a quarter passes both, to within 5 deviations of 14
        int both = 0;
        for (float value : first) {
            both += value != 0 ? 1 : 0;
        }
        assertThat(both).isBetween(180, 320);
        two.random(rng.at(1));
        assertThat(two.forward(x).toFloatArray()).isNotEqualTo(first);
    }

    @Test
    void gradients() {
        Dropout dropout = new Dropout(0.4);
        dropout.random(rng);
        Tensor x = Tensor.randn(rng.at("x"), 4, 7).to(DType.FLOAT64);
        LayerGradients.requireRight(dropout, Map.of("x", x), () -> dropout.forward(x));
    }

    @Test
    void badInput() {
        for (double p : new double[] {-0.1, 1, 1.5, Double.NaN}) { // BAD-INPUT 25
            assertThatThrownBy(() -> new Dropout(p))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(Double.toString(p));
        }
        assertThatThrownBy(() -> new Dropout(0.5).forward(Tensor.ones(3)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("random(Rng)");
    }
}
