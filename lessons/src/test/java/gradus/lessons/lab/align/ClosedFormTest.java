package gradus.lessons.lab.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ClosedFormTest {
    private static double[] distribution(Rng rng, int n) {
        double[] p = new double[n];
        double sum = 0;
        for (int i = 0; i < n; i++) {
            p[i] = Math.exp(rng.gaussian(i));
            sum += p[i];
        }
        for (int i = 0; i < n; i++) {
            p[i] /= sum;
        }
        return p;
    }

    private static double objective(double[] pi, double[] ref, double[] r, double beta, boolean forward) {
        double value = 0;
        for (int i = 0; i < pi.length; i++) {
            double divergence =
                    forward ? ref[i] * Math.log(ref[i] / pi[i]) : pi[i] == 0 ? 0 : pi[i] * Math.log(pi[i] / ref[i]);
            value += pi[i] * r[i] - beta * divergence;
        }
        return value;
    }

    /// Each formula is the maximum of its objective: no other distribution has more.
    @Property(tries = 200)
    void noOtherPolicyIsBetter(
            @ForAll @IntRange(min = 1, max = 6) int n,
            @ForAll @DoubleRange(min = 0.05, max = 3) double beta,
            @ForAll long seed) {
        Rng rng = Rng.of(seed);
        double[] ref = distribution(rng.at("ref"), n);
        double[] r = new double[n];
        Arrays.setAll(r, i -> rng.at("r").gaussian(i));
        for (boolean forward : new boolean[] {false, true}) {
            double[] best = forward ? ClosedForm.forward(ref, r, beta) : ClosedForm.gibbs(ref, r, beta);
            assertThat(Arrays.stream(best).sum()).isCloseTo(1, within(1e-12));
            double highest = objective(best, ref, r, beta, forward);
            for (int other = 0; other < 20; other++) {
                double[] far = distribution(rng.at("other").at(other), n);
                for (double share : new double[] {1, 0.1, 1e-3}) {
                    double[] mixed = new double[n];
                    Arrays.setAll(mixed, i -> (1 - share) * best[i] + share * far[i]);
                    assertThat(objective(mixed, ref, r, beta, forward)).isLessThanOrEqualTo(highest + 1e-12);
                }
            }
        }
        double[] greedy = ClosedForm.best(ref, r, beta);
        assertThat(objective(greedy, ref, r, 0, false))
                .isEqualTo(Arrays.stream(r).max().orElseThrow());
    }

    /// Where an answer is one token, it is one decision.
    @Property(tries = 200)
    void oneTokenIsOneDecision(@ForAll @IntRange(min = 1, max = 6) int v, @ForAll long seed) {
        Outcomes outcomes = new Outcomes(v, 1);
        double[] rewards = new double[v];
        Arrays.setAll(rewards, i -> Rng.of(seed).at("r").gaussian(i));
        Tensor reference = Tensor.randn(Rng.of(seed), 1, v).to(DType.FLOAT64);
        EnumerableProblem problem = new EnumerableProblem("drawn", outcomes, rewards, reference, 0.5);
        for (ClosedForm.Rule rule : new ClosedForm.Rule[] {ClosedForm::gibbs, ClosedForm::forward}) {
            assertThat(ClosedForm.ofTokens(problem, rule))
                    .containsExactly(ClosedForm.ofAnswers(problem, rule), within(1e-12));
        }
    }

    @Test
    void theBanditHasTheKnownPolicies() {
        EnumerableProblem bandit = EnumerableProblem.bandit();
        assertThat(ClosedForm.ofAnswers(bandit, ClosedForm::gibbs))
                .containsExactly(new double[] {.052032, .129565, .144176, .319120, .355107}, within(5e-7));
        assertThat(ClosedForm.ofAnswers(bandit, ClosedForm::forward))
                .containsExactly(new double[] {.098000, .104107, .072058, .113424, .612410}, within(5e-7));
        assertThat(ClosedForm.ofAnswers(bandit, ClosedForm::best)).containsExactly(0, 0, 0, 0, 1);
    }

    /// The probability of a token at each place, taken from the answers, follows the rule with the mean reward
    /// of what can follow: checked from the other side than the recursion, by sums over answers.
    @Test
    void tokensAreDecidedByTheMeanRewardOfWhatFollows() {
        EnumerableProblem problem = EnumerableProblem.sequences();
        double[] pi = ClosedForm.ofTokens(problem, ClosedForm::gibbs);
        double[] ref = problem.referenceProbs();
        for (int from = 0; from < 27; from += 3) { // the last token
            double sum = pi[from] + pi[from + 1] + pi[from + 2];
            double[] last = {pi[from] / sum, pi[from + 1] / sum, pi[from + 2] / sum};
            double base = ref[from] + ref[from + 1] + ref[from + 2];
            double[] own = {ref[from] / base, ref[from + 1] / base, ref[from + 2] / base};
            double[] rewards = Arrays.copyOfRange(problem.rewards(), from, from + 3);
            assertThat(last).containsExactly(ClosedForm.gibbs(own, rewards, problem.beta()), within(1e-12));
        }
        double[] first = new double[3];
        double[] own = new double[3];
        double[] worth = new double[3];
        for (int n = 0; n < 27; n++) {
            first[n / 9] += pi[n];
            own[n / 9] += ref[n];
            worth[n / 9] += pi[n] * problem.rewards()[n];
        }
        for (int token = 0; token < 3; token++) {
            worth[token] /= first[token];
        }
        assertThat(first).containsExactly(ClosedForm.gibbs(own, worth, problem.beta()), within(1e-12));
    }
}
