package gradus.train.optimizer;

import static gradus.train.optimizer.OptimizerDrill.CONFIG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.tensor.Tensor;
import gradus.train.optimizer.OptimizerDrill.Maker;
import java.io.IOException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AdamTest {
    private static final Maker ADAM = OptimizerDrill.of(all -> new Adam(all, CONFIG));
    private static final Maker PLAIN =
            OptimizerDrill.of(all -> new Adam(all, CONFIG.withWeightDecay(0).withEps(1e-300)));

    @Property(tries = 200)
    void equalsTheLoop(@ForAll @IntRange(min = 1, max = 5) int rows, @ForAll @IntRange(min = 1, max = 9) int columns) {
        OptimizerDrill.equalsTheLoop(ADAM, AdamTest::rule, rows, columns);
    }

    private static double rule(double theta, double gradient, double lr, int t, double[] memory) {
        double g = gradient + 0.1 * theta;
        memory[0] = 0.9 * memory[0] + 0.1 * g;
        memory[1] = 0.95 * memory[1] + 0.05 * g * g;
        double mHat = memory[0] / (1 - Math.pow(0.9, t));
        double vHat = memory[1] / (1 - Math.pow(0.95, t));
        return theta - lr * mHat / (Math.sqrt(vHat) + 1e-8);
    }

    @Test
    void equalsPyTorch() throws IOException {
        OptimizerDrill.equalsPyTorch("Adam", ADAM, true);
    }

    @Test
    void theFirstStepGoesByTheSignAlone() { // BAD-INPUT 186
        Tensor vector = Tensor.of(new double[] {1, 2, 3, 4}, 4).requireGrad();
        Adam adam = new Adam(List.of(vector), CONFIG);
        OptimizerDrill.giveGradient(vector, new double[] {1e-3, -1e-3, 100, -100});
        adam.step(0.5);
        // ε = 1e-8 beside a gradient of 1e-3 takes 1e-5 of the step
        assertThat(vector.toArray()).containsExactly(new double[] {0.5, 2.5, 2.5, 4.5}, within(1e-5));
    }

    /// A gradient that is always g gives m̂ = g and v̂ = g², so that every step is lr long.
    @Test
    void aConstantGradientMovesByTheRate() {
        Tensor vector = Tensor.of(new double[] {0, 0}, 2).requireGrad();
        Adam adam = new Adam(List.of(vector), CONFIG.withEps(1e-300));
        for (int t = 1; t <= 5; t++) {
            OptimizerDrill.giveGradient(vector, new double[] {3, -0.01});
            adam.step(0.1);
            assertThat(vector.toArray()).containsExactly(new double[] {-0.1 * t, 0.1 * t}, within(1e-14));
        }
    }

    @Test
    void forgetsTheScaleOfTheGradient() {
        OptimizerDrill.forgetsTheScaleOfTheGradient(PLAIN);
    }

    @Test
    void keepsTheRules() {
        OptimizerDrill.keepsTheRules(ADAM);
    }
}
