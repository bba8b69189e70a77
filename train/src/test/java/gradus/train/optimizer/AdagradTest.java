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

class AdagradTest {
    private static final Maker ADAGRAD = OptimizerDrill.of(all -> new Adagrad(all, new AdagradConfig(1e-10, 0.1)));

    @Property(tries = 200)
    void equalsTheLoop(@ForAll @IntRange(min = 1, max = 5) int rows, @ForAll @IntRange(min = 1, max = 9) int columns) {
        OptimizerDrill.equalsTheLoop(
                ADAGRAD,
                (theta, gradient, lr, t, s) -> {
                    double g = gradient + 0.1 * theta;
                    s[0] += g * g;
                    return theta - lr * g / (Math.sqrt(s[0]) + 1e-10);
                },
                rows,
                columns);
    }

    @Test
    void equalsPyTorch() throws IOException {
        OptimizerDrill.equalsPyTorch("Adagrad", ADAGRAD, true);
    }

    /// Under a constant gradient step t is lr/√t long.
    @Test
    void stepsShrinkWithTheRootOfTime() {
        Tensor vector = Tensor.of(new double[] {0}, 1).requireGrad();
        Adagrad adagrad = new Adagrad(List.of(vector), AdagradConfig.defaults());
        double way = 0;
        for (int t = 1; t <= 9; t++) {
            OptimizerDrill.giveGradient(vector, new double[] {7});
            adagrad.step(0.1);
            way += 0.1 / Math.sqrt(t);
            // ε = 1e-10 beside a root of 7 and more
            assertThat(vector.item()).isCloseTo(-way, within(1e-10));
        }
    }

    @Test
    void forgetsTheScaleOfTheGradient() {
        OptimizerDrill.forgetsTheScaleOfTheGradient(
                OptimizerDrill.of(all -> new Adagrad(all, new AdagradConfig(1e-300, 0))));
    }

    @Test
    void keepsTheRules() {
        OptimizerDrill.keepsTheRules(ADAGRAD);
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new Adagrad(List.of(), new AdagradConfig(0, 0)))
                .isInstanceOf(ConfigException.class); // BAD-INPUT 26
        assertThatThrownBy(() -> new Adagrad(List.of(), new AdagradConfig(1e-10, -1)))
                .isInstanceOf(ConfigException.class);
    }
}
