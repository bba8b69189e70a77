package gradus.train.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.tensor.Tensor;
import gradus.train.optimizer.OptimizerDrill.Maker;
import java.io.IOException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SgdTest {
    private static final Maker PLAIN = OptimizerDrill.of(all -> new Sgd(all, new SgdConfig(0, false, 0.1)));
    private static final Maker MOMENTUM = OptimizerDrill.of(all -> new Sgd(all, new SgdConfig(0.9, false, 0.1)));
    private static final Maker NESTEROV = OptimizerDrill.of(all -> new Sgd(all, new SgdConfig(0.9, true, 0.1)));

    @Property(tries = 200)
    void equalsTheLoop(@ForAll @IntRange(min = 1, max = 5) int rows, @ForAll @IntRange(min = 1, max = 9) int columns) {
        OptimizerDrill.equalsTheLoop(PLAIN, (theta, g, lr, t, b) -> theta - lr * (g + 0.1 * theta), rows, columns);
        OptimizerDrill.equalsTheLoop(
                MOMENTUM,
                (theta, g, lr, t, b) -> {
                    b[0] = 0.9 * b[0] + g + 0.1 * theta;
                    return theta - lr * b[0];
                },
                rows,
                columns);
        OptimizerDrill.equalsTheLoop(
                NESTEROV,
                (theta, g, lr, t, b) -> {
                    b[0] = 0.9 * b[0] + g + 0.1 * theta;
                    return theta - lr * (g + 0.1 * theta + 0.9 * b[0]);
                },
                rows,
                columns);
    }

    @Test
    void equalsPyTorch() throws IOException {
        OptimizerDrill.equalsPyTorch("Sgd", PLAIN, true);
        OptimizerDrill.equalsPyTorch("SgdMomentum", MOMENTUM, true);
        OptimizerDrill.equalsPyTorch("SgdNesterov", NESTEROV, true);
    }

    /// Without a decay, one step is a straight line down the gradient.
    @Test
    void goesDownTheGradient() {
        Tensor vector = Tensor.of(new double[] {1, 2}, 2).requireGrad();
        Sgd sgd = new Sgd(List.of(vector), SgdConfig.defaults());
        OptimizerDrill.giveGradient(vector, new double[] {3, -4});
        sgd.step(0.5);
        assertThat(vector.toArray()).containsExactly(-0.5, 4);
        assertThat(sgd.state()).containsOnlyKeys("steps");
    }

    /// Under a constant gradient the velocity tends to g/(1 - μ).
    @Test
    void momentumGathersSpeed() {
        Tensor vector = Tensor.of(new double[] {0}, 1).requireGrad();
        Sgd sgd = new Sgd(List.of(vector), new SgdConfig(0.5, false, 0));
        for (int t = 0; t < 60; t++) {
            OptimizerDrill.giveGradient(vector, new double[] {1});
            sgd.step(1);
        }
        assertThat(sgd.state().get("momentum.0").item()).isCloseTo(2, within(1e-15));
    }

    @Test
    void decayAloneShrinksMatrices() {
        OptimizerDrill.decayAloneShrinksMatrices(PLAIN);
    }

    @Test
    void keepsTheRules() {
        OptimizerDrill.keepsTheRules(PLAIN);
        OptimizerDrill.keepsTheRules(MOMENTUM);
        OptimizerDrill.keepsTheRules(NESTEROV);
    }

    @Test
    void badInput() {
        for (double momentum : new double[] {-0.1, 1, Double.NaN}) {
            assertThatThrownBy(() -> new Sgd(List.of(), new SgdConfig(momentum, false, 0)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("momentum must be in [0, 1)");
        }
        assertThatThrownBy(() -> new Sgd(List.of(), new SgdConfig(0, true, 0))).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new Sgd(List.of(), new SgdConfig(0, false, -1)))
                .isInstanceOf(ConfigException.class);
    }
}
