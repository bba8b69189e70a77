package gradus.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.layers.activation.Tanh;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SequentialTest {
    private static final Rng RNG = Rng.of(4);

    private final Linear in = new Linear(3, 5, RNG.at("in"));
    private final Linear out = new Linear(5, 2, RNG.at("out"));
    private final Sequential network = new Sequential(in, new Tanh(), x -> x.mul(2), out);

    @Test
    void appliesOneAfterTheOther() {
        Tensor x = Tensor.randn(RNG.at("x"), 4, 3);
        double[] expected = out.forward(in.forward(x).tanh().mul(2)).toArray();
        assertThat(network.forward(x).toArray()).isEqualTo(expected);
    }

    @Test
    void layersAreNamedByTheirPlace() {
        assertThat(network.namedParameters().keySet()).containsExactly("0.weight", "0.bias", "3.weight", "3.bias");
    }

    @Test
    void gradients() {
        Tensor x = Tensor.randn(RNG.at("x"), 4, 3).to(DType.FLOAT64);
        LayerGradients.requireRight(network, Map.of("x", x), () -> network.forward(x));
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new Sequential(in, null))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("step 1"); // BAD-INPUT 14
    }
}
