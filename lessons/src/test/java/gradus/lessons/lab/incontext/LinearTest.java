package gradus.lessons.lab.incontext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.lessons.lab.incontext.LinearFunctions.Drawn;
import gradus.tensor.GradientCheck;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LinearTest {
    private static final LinearFunctions FUNCTIONS = new LinearFunctions(3, 9, 0.5);

    /// The weights of a predictor that is linear in its query: what it says of each unit vector.
    private static double[] weights(Drawn drawn, int count, double lambda) {
        double[] w = new double[3];
        for (int j = 0; j < 3; j++) {
            double[] unit = new double[3];
            unit[j] = 1;
            w[j] = lambda < 0
                    ? LeastSquares.shortest(drawn.x(), drawn.y(), count, unit)
                    : LeastSquares.ridge(drawn.x(), drawn.y(), count, lambda, unit);
        }
        return w;
    }

    /// Where `‖Xw − y‖² + λ‖w‖²` is least, its gradient is 0: `Xᵀ(Xw − y) + λw = 0`.
    @Property(tries = 200)
    void ridgeIsWhereTheGradientIsZero(@ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int count) {
        Drawn drawn = FUNCTIONS.draw(Rng.of(seed));
        double[] w = weights(drawn, count, 0.25);
        for (int j = 0; j < 3; j++) {
            double gradient = 0.25 * w[j];
            for (int i = 0; i < count; i++) {
                double residual = -drawn.y()[i];
                for (int k = 0; k < 3; k++) {
                    residual += drawn.x()[i][k] * w[k];
                }
                gradient += drawn.x()[i][j] * residual;
            }
            assertThat(gradient).isCloseTo(0, within(1e-8));
        }
    }

    /// The shortest of the least squares is where ridge goes as λ goes to 0. Examples about as many as
    /// dimensions are left out: there a small λ already matters.
    @Property(tries = 200)
    void theShortestSolutionIsTheLimitOfRidge(@ForAll long seed, @ForAll boolean few) {
        Drawn drawn = FUNCTIONS.draw(Rng.of(seed));
        int count = few ? 1 : 8;
        double[] shortest = weights(drawn, count, -1);
        double[] limit = weights(drawn, count, 1e-9);
        double size =
                Math.abs(drawn.y()[0]) / Math.hypot(drawn.x()[0][0], Math.hypot(drawn.x()[0][1], drawn.x()[0][2]));
        for (int j = 0; j < 3; j++) {
            assertThat(shortest[j]).isCloseTo(limit[j], within(1e-5 * (1 + size)));
        }
    }

    /// In one dimension Bayes' rule by a sum over all w: prior N(0, 1), noise N(0, σ²).
    @Property(tries = 200)
    void ridgeIsBayesRule(@ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int count) {
        Drawn drawn = new LinearFunctions(1, 7, 0.5).draw(Rng.of(seed));
        double above = 0;
        double below = 0;
        for (double w = -8; w <= 8; w += 1e-3) {
            double log = -w * w / 2;
            for (int i = 0; i < count; i++) {
                double residual = drawn.y()[i] - w * drawn.x()[i][0];
                log -= residual * residual / (2 * 0.25);
            }
            above += w * Math.exp(log);
            below += Math.exp(log);
        }
        assertThat(LeastSquares.ridge(drawn.x(), drawn.y(), count, 0.25, 1)).isCloseTo(above / below, within(1e-3));
    }

    @Test
    void withoutExamplesBothSayZero() {
        Drawn drawn = FUNCTIONS.draw(Rng.of(1));
        assertThat(LeastSquares.ridge(drawn.x(), drawn.y(), 0, 0.25, 1, 2, 3)).isZero();
        assertThat(LeastSquares.shortest(drawn.x(), drawn.y(), 0, 1, 2, 3)).isZero();
    }

    /// y² has mean d + σ² and, as w and x are both drawn, variance below (3d)²: five standard errors.
    @Test
    void sayingZeroCostsWhatTheFormulaSays() {
        double sum = 0;
        for (int i = 0; i < 2000; i++) {
            for (double y : FUNCTIONS.draw(Rng.of(9).at(i)).y()) {
                sum += y * y / (2000 * 9);
            }
        }
        assertThat(sum).isCloseTo(FUNCTIONS.ofZero(), within(5 * 9 / Math.sqrt(2000)));
        assertThat(FUNCTIONS.ofZero()).isEqualTo(3.25);
    }

    @Test
    void thePredictionSeesNeitherItsOwnAnswerNorWhatComesLater() {
        LinearLearner model = new LinearLearner(3, 2, 8, Rng.of(1)).eval();
        Drawn drawn = FUNCTIONS.draw(Rng.of(2));
        double[] before = LinearRecipe.predictions(model, List.of(drawn))[0];
        double[] y = drawn.y().clone();
        y[4] += 1; // read from place 5 on
        double[] after = LinearRecipe.predictions(model, List.of(new Drawn(drawn.x(), y)))[0];
        for (int t = 0; t < 9; t++) {
            if (t <= 4) {
                assertThat(after[t]).isCloseTo(before[t], within(1e-6));
            } else {
                assertThat(after[t]).isNotEqualTo(before[t]);
            }
        }
    }

    @Test
    void gradients() {
        LinearLearner model = new LinearLearner(2, 1, 8, Rng.of(1)).to(DType.FLOAT64);
        var z = LinearRecipe.places(List.of(new LinearFunctions(2, 4, 0.5).draw(Rng.of(3))))
                .to(DType.FLOAT64);
        GradientCheck.sampled(() -> model.forward(z), model.namedParameters(), 3)
                .requirePass();
    }
}
