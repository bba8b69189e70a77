package gradus.lessons.lab.prompt.sum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.lessons.prompt.method.Votes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;

class VoteChanceTest {
    /// Sums of a few thousand products of chances: the rounding of each is some 1e-16 of it, and logarithms
    /// lose three digits more.
    private static final double TINY = 1e-12;

    /// Every sequence of votes, counted by [Votes] itself, which keeps the order.
    private static double bySequences(double[] p, int right, int n) {
        int answers = p.length + 1; // the last is none
        double none = 1 - Arrays.stream(p).sum();
        double sum = 0;
        for (int code = 0; code < Math.round(Math.pow(answers, n)); code++) {
            double chance = 1;
            List<Votes.Vote> votes = new ArrayList<>();
            for (int i = 0, rest = code; i < n; i++, rest /= answers) {
                int answer = rest % answers;
                chance *= answer == p.length ? none : p[answer];
                if (answer < p.length) {
                    votes.add(new Votes.Vote(String.valueOf(answer), 1));
                }
            }
            String winner = new Votes(votes).winner().orElse("none");
            sum += winner.equals(String.valueOf(right)) ? chance : 0;
        }
        return sum;
    }

    @Property(tries = 200)
    void itIsTheSumOverAllSequences(
            @ForAll @Size(4) List<@DoubleRange(min = 0, max = 1) Double> weights,
            @ForAll @IntRange(min = 0, max = 2) int right,
            @ForAll @IntRange(min = 1, max = 5) int n) {
        double all = weights.stream().mapToDouble(each -> each).sum() + 1e-3;
        double[] p = weights.stream().limit(3).mapToDouble(each -> each / all).toArray();
        assertThat(VoteChance.of(p, right, n)).isCloseTo(bySequences(p, right, n), within(TINY));
    }

    @Test
    void twoAnswersAreBinomial() {
        for (int n : new int[] {1, 3, 5, 21}) {
            double expected = 1 - new BinomialDistribution(null, n, 0.6).cumulativeProbability(n / 2);
            assertThat(VoteChance.of(new double[] {0.4, 0.6}, 1, n)).isCloseTo(expected, within(TINY));
        }
        // of 2 votes, 1 : 1 is won by the first, which is right in half of the cases
        assertThat(VoteChance.of(new double[] {0.4, 0.6}, 1, 2)).isCloseTo(0.36 + 0.24, within(TINY));
    }

    @Test
    void oneVoteIsTheChanceItself() {
        assertThat(VoteChance.of(new double[] {0.1, 0.2, 0.3}, 2, 1)).isCloseTo(0.3, within(TINY));
        assertThat(VoteChance.of(new double[] {0, 1}, 1, 20)).isCloseTo(1, within(TINY));
        assertThat(VoteChance.of(new double[] {0, 1}, 0, 20)).isZero();
        assertThat(VoteChance.of(new double[] {0.5, 0.5}, -1, 20)).isZero();
    }

    /// With many votes, what is likeliest wins.
    @Test
    void theLimitIsTheLikeliestAnswer() {
        double[] p = {0.2, 0.45, 0.35};
        assertThat(VoteChance.of(p, 1, 300)).isGreaterThan(0.95);
        assertThat(VoteChance.of(p, 2, 300)).isLessThan(0.05);
    }

    @Property(tries = 200)
    void theChancesOfAllAnswersMakeOne(
            @ForAll @Size(5) List<@DoubleRange(min = 0.01, max = 1) Double> weights,
            @ForAll @IntRange(min = 1, max = 12) int n) {
        double all = weights.stream().mapToDouble(each -> each).sum();
        double[] p = weights.stream().mapToDouble(each -> each / all).toArray();
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += VoteChance.of(p, i, n);
        }
        assertThat(sum).isCloseTo(1, within(TINY));
    }

    /// Equally likely ones share the limit, as they share the votes of any number.
    @Test
    void theLimitIsThatOfManyVotes() {
        double[][] all = {{0.6, 0.2, 0.2}, {0.2, 0.5, 0.1}, {0.4, 0.4, 0.2}, {1 / 3.0, 1 / 3.0, 1 / 3.0}, {0, 0, 0}};
        double[] limits = {1, 0, 0.5, 1 / 3.0, 0};
        for (int i = 0; i < all.length; i++) {
            assertThat(VoteChance.limit(all[i], 0)).as("case %s", i).isCloseTo(limits[i], within(TINY));
            assertThat(VoteChance.of(all[i], 0, 300)).as("case %s", i).isCloseTo(limits[i], within(0.02));
        }
        double summed = 0;
        for (int i = 0; i < 20; i++) {
            summed += 1.0 / 40; // not the same double as 20 / 40
        }
        assertThat(VoteChance.limit(new double[] {summed, 0.5}, 0)).isEqualTo(0.5);
        assertThat(VoteChance.limit(new double[] {summed, 0.5}, -1)).isZero();
    }
}
