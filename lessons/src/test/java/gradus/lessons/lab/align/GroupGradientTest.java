package gradus.lessons.lab.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.loss.alignment.ClippedSurrogate;
import gradus.layers.loss.alignment.Reinforce;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.rl.GroupAdvantage;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Expected gradients of estimators that sample, by enumeration of all samples.
class GroupGradientTest {
    private static final EnumerableProblem BANDIT = EnumerableProblem.bandit();
    private static final List<GroupAdvantage> RULES =
            List.of(GroupAdvantage.NORMALISED, GroupAdvantage.CENTRED, GroupAdvantage.LEAVE_ONE_OUT);

    private static double[] gradient(UnaryOperator<Tensor> loss) {
        Tensor logits = BANDIT.reference().mul(1).detach().requireGrad();
        try (var scope = Scope.open()) {
            loss.apply(logits).backward();
            return logits.grad().toArray();
        }
    }

    /// -∇E[r], by autograd through the expectation.
    private static double[] exact() {
        return gradient(
                x -> x.softmax().mul(Tensor.of(BANDIT.rewards(), 1, 5)).sum().neg());
    }

    /// All 5ᴳ groups, each as often as it is drawn.
    private static double[] overAllGroups(GroupAdvantage rule, int group) {
        int groups = (int) Math.pow(5, group);
        double[] probs = BANDIT.referenceProbs();
        double[] rewards = new double[groups * group];
        double[] weights = new double[groups * group];
        double[] arms = new double[groups * group * 5]; // one-hot
        for (int g = 0; g < groups; g++) {
            double weight = 1;
            int left = g;
            for (int i = 0; i < group; i++, left /= 5) {
                int arm = left % 5;
                rewards[g * group + i] = BANDIT.rewards()[arm];
                arms[(g * group + i) * 5 + arm] = 1;
                weight *= probs[arm];
            }
            Arrays.fill(weights, g * group, (g + 1) * group, weight / group);
        }
        Tensor advantages = Tensor.of(rule.of(rewards, group), rewards.length, 1); // (M·G, 1)
        Tensor weight = Tensor.of(weights, weights.length, 1);
        Tensor chosen = Tensor.of(arms, weights.length, 5);
        return gradient(x -> {
            Tensor logProbs = x.logSoftmax().mul(chosen).sum(-1, true); // (M·G, 1)
            return ClippedSurrogate.of(logProbs, logProbs.detach(), advantages, 0.2, 0.2)
                    .mul(weight)
                    .sum();
        });
    }

    @Property(tries = 200)
    void reinforceIsUnbiasedWithAnyBaseline(@ForAll @DoubleRange(min = -5, max = 5) double baseline) {
        Tensor probs = Tensor.of(BANDIT.referenceProbs(), 5, 1);
        double[] found = gradient(x -> Reinforce.of(
                        x.logSoftmax().reshape(5, 1), BANDIT.rewardColumn().sub(baseline))
                .mul(probs)
                .sum());
        // Sums of five numbers of at most 6·0.4, twice: 2·5·2.4·2⁻⁵³ = 3e-15 at the worst.
        assertThat(found).containsExactly(exact(), within(1e-14));
    }

    /// The mean of the others is a baseline that does not depend on the answer itself; the mean of all is not,
    /// and takes the share 1/G away.
    @Test
    void rlooIsUnbiasedAndDrGrpoASmallerMultiple() {
        double[] exact = exact();
        for (int group = 2; group <= 4; group++) {
            int g = group;
            assertThat(overAllGroups(GroupAdvantage.LEAVE_ONE_OUT, group)).containsExactly(exact, within(1e-14));
            double[] smaller = Arrays.stream(exact).map(v -> v * (g - 1) / g).toArray();
            assertThat(overAllGroups(GroupAdvantage.CENTRED, group)).containsExactly(smaller, within(1e-14));
        }
    }

    /// Divided by each group's own deviation, no multiple of the exact gradient is left.
    @Test
    void grpoClimbsSomethingElse() {
        double[] exact = exact();
        double[] found = overAllGroups(GroupAdvantage.NORMALISED, 4);
        double dot = 0;
        double own = 0;
        double other = 0;
        for (int i = 0; i < 5; i++) {
            dot += exact[i] * found[i];
            own += exact[i] * exact[i];
            other += found[i] * found[i];
        }
        assertThat(dot / Math.sqrt(own * other)).isBetween(0.9, 0.9999);
    }

    @Test
    void theCoefficientsOfEightAnswersAreTheKnownOnes() {
        double[] chances = {0.05, 0.2, 0.5};
        double[] known = {2.313, 1.970, 1.736};
        for (int i = 0; i < 3; i++) {
            // The 1e-4 beside a standard deviation of at least 0.35 takes 3e-4 of it away.
            assertThat(GroupGradient.exact(GroupAdvantage.NORMALISED, chances[i], 8))
                    .isCloseTo(known[i], within(1.2e-3));
        }
    }

    @Property(tries = 200)
    void theOthersDoNotLookAtTheDifficulty(
            @ForAll @DoubleRange(min = 0.01, max = 0.99) double p, @ForAll @IntRange(min = 2, max = 16) int group) {
        assertThat(GroupGradient.exact(GroupAdvantage.CENTRED, p, group))
                .isCloseTo((group - 1.0) / group, within(1e-12));
        assertThat(GroupGradient.exact(GroupAdvantage.LEAVE_ONE_OUT, p, group)).isCloseTo(1, within(1e-12));
        // E√(p̂(1-p̂)) by a loop, of which the coefficient is √((G-1)/G)/(p(1-p)), but for the 1e-4.
        double root = 0;
        double binomial = 1;
        for (int k = 0; k <= group; k++) {
            double share = (double) k / group;
            root += binomial * Math.pow(p, k) * Math.pow(1 - p, group - k) * Math.sqrt(share * (1 - share));
            binomial *= (group - k) / (k + 1.0);
        }
        double expected = root * Math.sqrt((group - 1.0) / group) / (p * (1 - p));
        assertThat(GroupGradient.exact(GroupAdvantage.NORMALISED, p, group))
                .isCloseTo(expected, within(expected * 5e-4));
    }

    @Test
    void largeGroupsComeNearToTheLimit() {
        for (double p : new double[] {0.2, 0.5, 0.8}) {
            assertThat(GroupGradient.exact(GroupAdvantage.NORMALISED, p, 400))
                    .isCloseTo(1 / Math.sqrt(p * (1 - p)), within(0.01));
        }
    }

    @Test
    void whatIsMeasuredIsWithinThreeStandardErrors() {
        for (GroupAdvantage rule : RULES) {
            for (double p : new double[] {0.05, 0.5, 0.8}) {
                GroupGradient.Measured measured =
                        GroupGradient.measure(rule, p, 8, 20_000, Rng.of(8).at(rule.name()));
                assertThat(measured.standardError()).isBetween(1e-4, 0.04);
                assertThat(measured.mean())
                        .isCloseTo(GroupGradient.exact(rule, p, 8), within(3 * measured.standardError()));
            }
        }
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> GroupGradient.exact(GroupAdvantage.NORMALISED, 1, 8))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> GroupGradient.exact(GroupAdvantage.NORMALISED, 0.5, 1))
                .isInstanceOf(ConfigException.class)
                .hasMessage("a group must have at least 2 answers; got 1");
    }
}
