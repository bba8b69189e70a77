package gradus.lessons.lab.prompt.sum;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.lessons.lab.prompt.sum.OwnData.Filter;
import gradus.lessons.prompt.Outcome;
import gradus.train.rl.verifiable.Question;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What the parts say of numbers that are made up. The second seed is worse at all by 0.1, which no difference shows.
class SumVerdictsTest {
    private static double[] less(double by, double... values) {
        return Arrays.stream(values).map(each -> each - by).toArray();
    }

    private static ConsistencyPart.Measured votes(double by, double... greedy) {
        return new ConsistencyPart.Measured(
                less(by, 0.5, 0.55, 0.6, 0.65, 0.7), less(by, 0.9, 0.9, 0.9, 0.9, 0.65), less(by, greedy), 0.75 - by);
    }

    @Test
    void votesAgainstOneAndTheLimit() {
        double[] same = {0.8, 0.8, 0.8, 0.8, 0.8};
        assertThat(ConsistencyPart.verdicts(List.of(votes(0, same), votes(0.1, same))))
                .contains("**20 votes against 1:** 20.0 ± 0.0: votes help")
                .contains("**20 votes against one greedy chain:** -10.0 ± 0.0: votes are worse")
                .contains("**The limit less 20 votes:** 5.0 ± 0.0: more votes would gain a little more.")
                .contains("**Measured less computed, 20 votes:** 5.0 ± 0.0: more than computed.")
                .contains("at temperature 0:** 0.0 ± 0.0: no gain at all");
        assertThat(ConsistencyPart.verdicts(
                        List.of(votes(0, 0.8, 0.8, 0.8, 0.8, 0.9), votes(0.1, 0.8, 0.8, 0.8, 0.8, 0.7))))
                .as("differences that cancel")
                .contains(": a difference, which a control should not show.");
    }

    private static Outcome outcome(String answer) {
        return new Outcome(Optional.of(answer), List.of());
    }

    /// Of 20 chains the first eight are right: votes of n are those of n chains next to each other.
    @Test
    void separateVotes() {
        List<Outcome> chains = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            chains.add(outcome(i < 8 ? "2" : "3"));
        }
        List<Question> one = List.of(new Question("31422", "2"));
        double[][] shares = {{1, 0.4}, {3, 0.5}, {5, 0.5}, {10, 0.5}, {20, 0}};
        for (double[] each : shares) {
            assertThat(ConsistencyPart.voted(one, List.of(chains), (int) each[0]))
                    .as("%s votes", each[0])
                    .isEqualTo(each[1]);
        }
    }

    private static LoopPart.Course course(double before, double after) {
        return new LoopPart.Course(new double[] {before, after}, new double[] {1}, new int[] {5});
    }

    private static Map<Filter, LoopPart.Course> courses(double by) {
        return new EnumMap<>(Map.of(
                Filter.VERIFIER, course(0.7 - by, 0.9 - by),
                Filter.VOTES, course(0.7 - by, 0.65 - by),
                Filter.NONE, course(0.7 - by, 0.5 - by)));
    }

    @Test
    void loopsAgainstBeforeAndUnfiltered() {
        assertThat(LoopPart.verdicts(List.of(courses(0), courses(0.1)), 1))
                .contains("right answer:** 20.0 ± 0.0: it improves")
                .contains("; more than unfiltered by 40.0 ± 0.0: the choice helps.")
                .contains("by votes:** -5.0 ± 0.0: it gets worse")
                .contains("; more than unfiltered by 15.0 ± 0.0: the choice helps.")
                .contains("**control, unfiltered:** -20.0 ± 0.0: it gets worse.");
    }

    private static ChainPart.Measured chains(double by, double alone, double dots) {
        Map<Rationale, Double> plain = new EnumMap<>(Rationale.class);
        Map<Rationale, Double> reasoned = new EnumMap<>(Rationale.class);
        for (Rationale each : Rationale.values()) {
            plain.put(each, 0.3 - by);
            reasoned.put(each, 0.3 - by);
        }
        plain.put(Rationale.NONE, alone - by);
        reasoned.put(Rationale.NONE, Double.NaN);
        reasoned.put(Rationale.STEPS, 0.9 - by);
        reasoned.put(Rationale.DOTS, dots - by);
        return new ChainPart.Measured(plain, reasoned, 0.25, 0.75);
    }

    private static String chains(double alone, double dots) {
        return new ChainPart(SumPlan.standard()).report(List.of(chains(0, alone, dots), chains(0.1, alone, dots)));
    }

    @Test
    void chainsAgainstAtOnce() {
        assertThat(chains(0.3, 0.3))
                .contains("| steps | 25.0 ±", "| 60.0 ± 0.0 |")
                .contains("**steps:** the prediction holds")
                .contains("**control, steps of another question:** no gain, as it should be.")
                .contains("**control, dots:** no gain, as it should be.")
                .contains("both at once:** 0.0 ± 0.0: no better that can be told, as predicted.")
                .contains("gives that question's answer in 75.0 ± 0.0 %");
        assertThat(chains(0.4, 0.5))
                .contains("**control, dots:** a gain, which a control should not show.")
                .contains("both at once:** 10.0 ± 0.0: better, the prediction does not hold here.");
    }

    @Test
    void whoseStepsAreFollowed() {
        List<String> digits = List.of("31422", "00001", "11111", "44444"); // 2, 1, 0, 0
        assertThat(ChainPart.followed(List.of(outcome("2"), outcome("1"), outcome("3"), outcome("0")), digits))
                .isEqualTo(0.75);
    }
}
