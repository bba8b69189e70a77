package gradus.train.optimizer;

import static gradus.train.optimizer.OptimizerDrill.CONFIG;
import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Tensor;
import gradus.train.optimizer.OptimizerDrill.Maker;
import java.io.IOException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LionTest {
    private static final LionConfig LONG = LionConfig.defaults().withWeightDecay(CONFIG.weightDecay());

    private static final Maker LION = OptimizerDrill.of(all -> new Lion(all, LONG));

    @Property(tries = 200)
    void equalsTheLoop(@ForAll @IntRange(min = 1, max = 5) int rows, @ForAll @IntRange(min = 1, max = 9) int columns) {
        OptimizerDrill.equalsTheLoop(
                LION,
                (theta, g, lr, t, m) -> {
                    double after = theta * (1 - lr * 0.1) - lr * Math.signum(0.9 * m[0] + 0.1 * g);
                    m[0] = 0.99 * m[0] + 0.01 * g;
                    return after;
                },
                rows,
                columns);
    }

    @Test
    void equalsThePaper() throws IOException {
        OptimizerDrill.equalsPyTorch("Lion", LION, true);
    }

    @Test
    void everyWeightMovesAsFarAndAnIdleOneNotAtAll() {
        Tensor vector = Tensor.of(new double[] {1, 1, 1, 1}, 4).requireGrad();
        Lion lion = new Lion(List.of(vector), LONG);
        OptimizerDrill.giveGradient(vector, new double[] {1e-20, -1e9, 0, 3});
        lion.step(0.25);
        assertThat(vector.toArray()).containsExactly(0.75, 1.25, 1, 0.75); // sign 0 = 0
    }

    @Test
    void forgetsTheScaleOfTheGradient() {
        OptimizerDrill.forgetsTheScaleOfTheGradient(LION);
    }

    @Test
    void decayAloneShrinksMatrices() {
        OptimizerDrill.decayAloneShrinksMatrices(LION);
    }

    @Test
    void keepsTheRules() {
        OptimizerDrill.keepsTheRules(LION);
    }

    /// After n gradients of 1 the memory is 1 - β₂ⁿ; a gradient of -9 times as much leaves no direction, so that one a
    /// hair smaller still goes on and one a hair larger turns.
    @Test
    void t5_theMemoryLastsAsLongAsBeta2Says() {
        for (int n : new int[] {1, 2, 10, 100}) {
            double balance = 9 * (1 - Math.pow(0.99, n));
            Tensor vector = Tensor.of(new double[] {0, 0}, 2).requireGrad();
            Lion lion = new Lion(List.of(vector), LONG);
            for (int t = 0; t < n; t++) {
                OptimizerDrill.giveGradient(vector, new double[] {1, 1});
                lion.step(0.5);
            }
            OptimizerDrill.giveGradient(vector, new double[] {-balance * 0.999, -balance * 1.001});
            lion.step(0.5);
            assertThat(vector.toArray()).containsExactly(-0.5 * n - 0.5, -0.5 * n + 0.5);
        }
    }
}
