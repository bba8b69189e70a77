package gradus.lessons.lab.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.loss.alignment.RewardPairLoss;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import java.util.Arrays;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.junit.jupiter.api.Test;

/// A table of scores, trained on comparisons that follow the Bradley-Terry model, finds the true differences:
/// as exactly as so many comparisons allow, and no worse.
class RewardModelRecoveryTest {
    private static final double[] TRUTH = {-0.7, 0.1, 0.3, 0.9, 1.6};
    private static final int V = TRUTH.length;
    /// What χ² of 4 degrees of freedom exceeds in 5 % of cases.
    private static final double CHI_SQUARE_95 = 9.488;

    /// Comparisons that were drawn, winners first.
    private record Comparisons(int[] winners, int[] losers) {
        static Comparisons draw(Rng rng, int count) {
            int[] winners = new int[count];
            int[] losers = new int[count];
            for (int i = 0; i < count; i++) {
                int a = rng.at("first").index(i, V);
                int b = (a + 1 + rng.at("second").index(i, V - 1)) % V;
                boolean first = rng.at("wins").uniform(i) < 1 / (1 + Math.exp(TRUTH[b] - TRUTH[a]));
                winners[i] = first ? a : b;
                losers[i] = first ? b : a;
            }
            return new Comparisons(winners, losers);
        }
    }

    private static double[] fit(Comparisons data, double centring, double start) {
        Tensor scores = Tensor.zeros(V).to(DType.FLOAT64).add(start).detach().requireGrad();
        Indices winners = Indices.of(data.winners());
        Indices losers = Indices.of(data.losers());
        double largest = 1;
        for (int step = 0; step < 400 && largest > 1e-7; step++) {
            try (var scope = Scope.open()) {
                scores.zeroGrad();
                RewardPairLoss.of(scores.indexSelect(0, winners), scores.indexSelect(0, losers), null, centring)
                        .backward();
                double[] next = scores.toArray();
                double[] gradient = scores.grad().toArray();
                largest = 0;
                for (int i = 0; i < V; i++) {
                    next[i] -= 10 * gradient[i]; // curved by at most 2/5·1/4 a score, and less with centring small
                    largest = Math.max(largest, Math.abs(gradient[i]));
                }
                scores.set(next);
            }
        }
        return scores.toArray();
    }

    /// The information of the comparisons about the differences from the first score: the inverse of their
    /// covariance.
    private static RealMatrix information(Comparisons data) {
        RealMatrix information = new Array2DRowRealMatrix(V - 1, V - 1);
        for (int i = 0; i < data.winners().length; i++) {
            int a = data.winners()[i];
            int b = data.losers()[i];
            double p = 1 / (1 + Math.exp(TRUTH[b] - TRUTH[a]));
            double[] direction = new double[V];
            direction[a] = 1;
            direction[b] = -1;
            for (int j = 1; j < V; j++) {
                for (int k = 1; k < V; k++) {
                    information.addToEntry(j - 1, k - 1, p * (1 - p) * direction[j] * direction[k]);
                }
            }
        }
        return information;
    }

    private static double[] errors(double[] found) {
        double[] errors = new double[V - 1];
        for (int i = 1; i < V; i++) {
            errors[i - 1] = found[i] - found[0] - (TRUTH[i] - TRUTH[0]);
        }
        return errors;
    }

    @Test
    void everyDifferenceIsWithinItsConfidenceInterval() {
        Comparisons data = Comparisons.draw(Rng.of(1).at("comparisons"), 20_000);
        double[] errors = errors(fit(data, 0, 0));
        RealMatrix covariance =
                new LUDecomposition(information(data)).getSolver().getInverse();
        for (int i = 0; i < V - 1; i++) {
            double deviation = Math.sqrt(covariance.getEntry(i, i));
            assertThat(deviation).isLessThan(0.04);
            assertThat(Math.abs(errors[i])).isLessThan(1.96 * deviation);
        }
    }

    /// The 95 % region holds the truth in 95 % of the cases: of 100 within three standard deviations, 6.5, of
    /// 95.
    @Test
    void theConfidenceRegionIsCalibrated() {
        int inside = 0;
        for (int trial = 0; trial < 100; trial++) {
            Comparisons data = Comparisons.draw(Rng.of(2).at("trials").at(trial), 1000);
            double[] errors = errors(fit(data, 0, 0));
            RealMatrix information = information(data);
            double distance = 0;
            for (int i = 0; i < V - 1; i++) {
                for (int j = 0; j < V - 1; j++) {
                    distance += errors[i] * information.getEntry(i, j) * errors[j];
                }
            }
            inside += distance < CHI_SQUARE_95 ? 1 : 0;
        }
        assertThat(inside).isBetween(89, 100);
    }

    /// Centring moves the mean of the scores to 0, where a start elsewhere would stay.
    @Test
    void centringFixesTheConstant() {
        Comparisons data = Comparisons.draw(Rng.of(3).at("comparisons"), 2000);
        double[] centred = fit(data, 0.01, 3);
        double[] plain = fit(data, 0, 3);
        assertThat(Arrays.stream(plain).average().orElseThrow()).isCloseTo(3, within(1e-9));
        // It is pairs that are centred, not scores: what is compared oftener counts more, and so do far differences.
        assertThat(Arrays.stream(centred).average().orElseThrow()).isCloseTo(0, within(0.15));
        assertThat(errors(centred)).containsExactly(errors(plain), within(0.3));
    }
}
