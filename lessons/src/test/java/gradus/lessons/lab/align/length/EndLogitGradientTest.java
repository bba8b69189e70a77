package gradus.lessons.lab.align.length;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.lessons.lab.measure.Verdict;
import gradus.tensor.random.Rng;
import gradus.train.rl.GroupPolicyConfig;
import gradus.train.rl.RolloutConfig;
import gradus.train.run.compare.Interval;
import java.util.Arrays;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class EndLogitGradientTest {
    /// One answer: its kind, its tokens, and whether it ended.
    private record Answer(boolean right, int length, boolean ended) {
        static Answer of(int number, int limit) {
            int within = number % limit; // lengths 2 … limit that ended, and one that was cut
            return new Answer(number < limit, Math.min(within + 2, limit), within < limit - 1);
        }

        /// ln of the probability of its length.
        double logProb(double s) {
            return (length - (ended ? 2 : 1)) * Math.log(1 - s) + (ended ? Math.log(s) : 0);
        }
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /// The objective as a function of θ of one kind, all groups of answers one by one, each as often as it is
    /// drawn at the s of now: the mean over a group of A·w·ln π.
    private static double objective(double p, double s, double theta, int limit, int group, boolean grpo, boolean of) {
        int kinds = 2 * limit;
        double sum = 0;
        for (int number = 0; number < Math.pow(kinds, group); number++) {
            Answer[] answers = new Answer[group];
            double chance = 1;
            double mean = 0;
            for (int i = 0, left = number; i < group; i++, left /= kinds) {
                answers[i] = Answer.of(left % kinds, limit);
                chance *= (answers[i].right ? p : 1 - p) * Math.exp(answers[i].logProb(s));
                mean += answers[i].right ? 1.0 / group : 0;
            }
            double squares = 0;
            for (Answer each : answers) {
                squares += Math.pow((each.right ? 1 : 0) - mean, 2);
            }
            double scale = grpo ? Math.sqrt(squares / (group - 1)) + 1e-4 : 1;
            for (Answer each : answers) {
                double advantage = ((each.right ? 1 : 0) - mean) / scale;
                double weight = 1.0 / (grpo ? each.length : limit);
                sum += each.right == of ? chance / group * advantage * weight * each.logProb(sigmoid(theta)) : 0;
            }
        }
        return sum;
    }

    @Property(tries = 200)
    void isTheDerivativeOfTheSumOverAllGroups(
            @ForAll @DoubleRange(min = 0.05, max = 0.95) double p,
            @ForAll @DoubleRange(min = 0.05, max = 0.95) double s,
            @ForAll @IntRange(min = 2, max = 4) int limit,
            @ForAll @IntRange(min = 2, max = 3) int group,
            @ForAll boolean right,
            @ForAll boolean grpo) {
        double theta = Math.log(s / (1 - s));
        double h = 1e-5;
        double slope = (objective(p, s, theta + h, limit, group, grpo, right)
                        - objective(p, s, theta - h, limit, group, grpo, right))
                / (2 * h);
        GroupPolicyConfig config = grpo ? GroupPolicyConfig.grpo() : GroupPolicyConfig.drGrpo();
        // Central differences are off by h²/6 of a third derivative of at most 1, and by rounding over 2h.
        assertThat(EndLogitGradient.exact(config, p, s, limit, group, right)).isCloseTo(slope, within(1e-9));
    }

    /// The law of part (b): who divides by the length moves the end, wrong answers away from it.
    @Property(tries = 200)
    void grpoMovesTheEndAndDrGrpoDoesNot(
            @ForAll @DoubleRange(min = 0.02, max = 0.98) double p,
            @ForAll @DoubleRange(min = 0.02, max = 0.98) double s,
            @ForAll @IntRange(min = 3, max = 40) int limit,
            @ForAll @IntRange(min = 2, max = 16) int group) {
        assertThat(EndLogitGradient.exact(GroupPolicyConfig.grpo(), p, s, limit, group, true))
                .isPositive();
        assertThat(EndLogitGradient.exact(GroupPolicyConfig.grpo(), p, s, limit, group, false))
                .isNegative();
        for (boolean right : new boolean[] {false, true}) {
            assertThat(EndLogitGradient.exact(GroupPolicyConfig.drGrpo(), p, s, limit, group, right))
                    .isCloseTo(0, within(1e-14));
        }
    }

    @TestFactory
    Stream<DynamicTest> whatTheTaskDrawsAgrees() {
        return Stream.of(GroupPolicyConfig.grpo(), GroupPolicyConfig.drGrpo())
                .map(config -> DynamicTest.dynamicTest(config.aggregation().name(), () -> {
                    RolloutConfig rollouts = RolloutConfig.defaults()
                            .withPrompts(16)
                            .withNumGenerations(4)
                            .withMaxCompletionLength(6);
                    double[][] drawn = new double[8][];
                    Arrays.setAll(
                            drawn,
                            seed -> EndLogitGradient.drawn(
                                    config,
                                    new StopTable(0.3, 0.25, 7),
                                    rollouts,
                                    5,
                                    Rng.of(5).at(seed)));
                    for (boolean right : new boolean[] {true, false}) {
                        Interval found = Verdict.over(8, seed -> drawn[seed][right ? 0 : 1]);
                        double exact = EndLogitGradient.exact(config, 0.3, 0.25, 6, 4, right);
                        // t of 7 degrees of freedom is 2.36 in the interval: 1.7 of it are 4 standard errors.
                        assertThat(found.mean()).isCloseTo(exact, within(1.7 * found.half()));
                        assertThat(found.half()).isLessThan(0.01);
                    }
                }));
    }

    @Property(tries = 200)
    void theMeanLengthIsTheSumOverAllLengths(
            @ForAll @DoubleRange(min = 0.02, max = 0.98) double s, @ForAll @IntRange(min = 2, max = 30) int limit) {
        double mean = 0;
        double total = 0;
        for (int number = 0; number < limit; number++) {
            Answer answer = Answer.of(number, limit);
            mean += answer.length * Math.exp(answer.logProb(s));
            total += Math.exp(answer.logProb(s));
        }
        assertThat(total).isCloseTo(1, within(1e-12));
        assertThat(EndLogitGradient.meanLength(s, limit)).isCloseTo(mean, within(1e-10));
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> EndLogitGradient.exact(GroupPolicyConfig.dapo(), 0.5, 0.5, 4, 2, true))
                .isInstanceOf(ConfigException.class)
                .hasMessage("an answer's loss must be divided by its length or by the limit; got DAPO");
        assertThatThrownBy(() -> new StopTable(0, 0.5, 4))
                .isInstanceOf(ConfigException.class)
                .hasMessage("p and s must be between 0 and 1; got 0.0 and 0.5");
        assertThatThrownBy(() -> new LengthPlan(5, 8, 1, 25, 10)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new LengthPlan(1, 8, 1, 20, 10)).isInstanceOf(ConfigException.class);
    }
}
