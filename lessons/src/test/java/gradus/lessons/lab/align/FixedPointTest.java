package gradus.lessons.lab.align;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every algorithm comes to rest where its formula says: here on the bandit; on 27 sequences, by answers and by tokens,
/// in [AlignLabTest], whose lab finds the same.
class FixedPointTest {
    private static final int MOST = 50_000;

    private static List<ExactMethod> methods() {
        List<ExactMethod> methods = new ArrayList<>(Arrays.asList(KlPlacement.values()));
        methods.add(new AllPairs());
        return methods;
    }

    @TestFactory
    Stream<DynamicTest> theBanditRestsAtTheFormula() {
        return methods().stream().map(method -> DynamicTest.dynamicTest(method.title(), () -> rests(method)));
    }

    private static void rests(ExactMethod method) {
        FixedPoint found = FixedPoint.of(method, EnumerableProblem.bandit(), false, MOST);
        assertThat(found.steps()).isLessThan(MOST);
        assertThat(found.distance()).isLessThan(1e-6);
    }

    /// The formulas are so far apart that none passes for another.
    @Test
    void theFormulasDiffer() {
        EnumerableProblem sequences = EnumerableProblem.sequences();
        List<double[]> all = List.of(
                ClosedForm.ofAnswers(sequences, ClosedForm::gibbs),
                ClosedForm.ofAnswers(sequences, ClosedForm::forward),
                ClosedForm.ofAnswers(sequences, ClosedForm::best),
                ClosedForm.ofTokens(sequences, ClosedForm::gibbs),
                ClosedForm.ofTokens(sequences, ClosedForm::forward),
                sequences.referenceProbs());
        for (int i = 0; i < all.size(); i++) {
            for (int j = 0; j < i; j++) {
                assertThat(FixedPoint.distance(all.get(i), all.get(j))).isGreaterThan(3e-3);
            }
        }
    }

    /// By sampling: where the formula is, the mean of gradients of drawn answers is 0, and elsewhere it is
    /// not.
    @TestFactory
    Stream<DynamicTest> theMeanOfDrawnGradientsIsZeroThereWithinThreeStandardErrors() {
        return Stream.of(KlPlacement.K1_IN_REWARD, KlPlacement.K2_LOSS, KlPlacement.K3_LOSS)
                .map(method -> DynamicTest.dynamicTest(method.title(), () -> {
                    EnumerableProblem bandit = EnumerableProblem.bandit();
                    double[] there = method.closedForm(bandit, false);
                    assertThat(largestDeviation(bandit, method, there)).isLessThan(3);
                    double[] elsewhere = bandit.referenceProbs();
                    assertThat(largestDeviation(bandit, method, elsewhere)).isGreaterThan(20);
                }));
    }

    /// Draws answers, and gives the largest mean of a logit's gradient, in standard errors.
    private static double largestDeviation(EnumerableProblem problem, KlPlacement method, double[] probs) {
        int draws = 100_000;
        double[][] gradients = gradients(problem, method, probs);
        Rng rng = Rng.of(3).at("draws");
        int[] counts = new int[probs.length];
        for (int i = 0; i < draws; i++) {
            double left = rng.uniform(i);
            int answer = 0;
            while (answer < probs.length - 1 && left >= probs[answer]) {
                left -= probs[answer];
                answer++;
            }
            counts[answer]++;
        }
        double largest = 0;
        for (int logit = 0; logit < gradients[0].length; logit++) {
            double mean = 0;
            double squares = 0;
            for (int n = 0; n < probs.length; n++) {
                mean += gradients[n][logit] * counts[n] / draws;
                squares += gradients[n][logit] * gradients[n][logit] * counts[n] / draws;
            }
            double error = Math.sqrt((squares - mean * mean) / (draws - 1));
            // With k1 in the reward all answers are worth the same there, and each single gradient is 0 but for
            // rounding.
            largest = Math.max(largest, Math.max(0, Math.abs(mean) - 1e-12) / error);
        }
        return largest;
    }

    private static double[][] gradients(EnumerableProblem problem, KlPlacement method, double[] probs) {
        double[][] gradients = new double[probs.length][];
        Tensor logits = Tensor.of(Arrays.stream(probs).map(Math::log).toArray(), 1, probs.length)
                .requireGrad();
        for (int n = 0; n < probs.length; n++) {
            try (var scope = Scope.open()) {
                logits.zeroGrad();
                method.perAnswer(problem, logits, false)
                        .indexSelect(0, Indices.of(n))
                        .sum()
                        .backward();
                gradients[n] = logits.grad().toArray();
            }
        }
        return gradients;
    }
}
