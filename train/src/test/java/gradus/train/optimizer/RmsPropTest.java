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

class RmsPropTest {
    private static final Maker RMSPROP = OptimizerDrill.of(all -> new RmsProp(all, new RmsPropConfig(0.99, 1e-8, 0.1)));

    @Property(tries = 200)
    void equalsTheLoop(@ForAll @IntRange(min = 1, max = 5) int rows, @ForAll @IntRange(min = 1, max = 9) int columns) {
        OptimizerDrill.equalsTheLoop(
                RMSPROP,
                (theta, gradient, lr, t, v) -> {
                    double g = gradient + 0.1 * theta;
                    v[0] = 0.99 * v[0] + 0.01 * g * g;
                    return theta - lr * g / (Math.sqrt(v[0]) + 1e-8);
                },
                rows,
                columns);
    }

    @Test
    void equalsPyTorch() throws IOException {
        OptimizerDrill.equalsPyTorch("RmsProp", RMSPROP, true);
    }

    /// v is 0 before the first step, so that is lr/√(1 - α) long whatever the gradient.
    @Test
    void theFirstStepIsLong() {
        Tensor vector = Tensor.of(new double[] {0, 0}, 2).requireGrad();
        RmsProp rmsProp = new RmsProp(List.of(vector), RmsPropConfig.defaults());
        OptimizerDrill.giveGradient(vector, new double[] {5, -50});
        rmsProp.step(0.01);
        // ε = 1e-8 beside a root of 0.5 takes 2e-8 of the step
        assertThat(vector.toArray()).containsExactly(new double[] {-0.1, 0.1}, within(1e-8));
    }

    @Test
    void forgetsTheScaleOfTheGradient() {
        OptimizerDrill.forgetsTheScaleOfTheGradient(
                OptimizerDrill.of(all -> new RmsProp(all, new RmsPropConfig(0.99, 1e-300, 0))));
    }

    @Test
    void keepsTheRules() {
        OptimizerDrill.keepsTheRules(RMSPROP);
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new RmsProp(List.of(), new RmsPropConfig(1, 1e-8, 0)))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new RmsProp(List.of(), new RmsPropConfig(0.9, 0, 0)))
                .isInstanceOf(ConfigException.class); // BAD-INPUT 26
        assertThatThrownBy(() -> new RmsProp(List.of(), new RmsPropConfig(0.9, 1e-8, -1)))
                .isInstanceOf(ConfigException.class);
    }
}
