package gradus.train.rl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class GroupAdvantageTest {
    private static double[] draw(int count, long seed) {
        double[] rewards = new double[count];
        Arrays.setAll(rewards, i -> Rng.of(seed).gaussian(i));
        return rewards;
    }

    /// Those that compare completions of one prompt.
    @Provide
    Arbitrary<GroupAdvantage> ofGroups() {
        return Arbitraries.of(GroupAdvantage.NORMALISED, GroupAdvantage.CENTRED, GroupAdvantage.LEAVE_ONE_OUT);
    }

    @Property(tries = 200)
    void everyGroupSumsToZero(
            @ForAll("ofGroups") GroupAdvantage kind,
            @ForAll @IntRange(min = 1, max = 6) int groups,
            @ForAll @IntRange(min = 1, max = 9) int size,
            @ForAll long seed) {
        double[] advantages = kind.of(draw(groups * size, seed), size);
        for (int from = 0; from < advantages.length; from += size) {
            assertThat(Arrays.stream(advantages, from, from + size).sum()).isEqualTo(0, within(1e-9));
        }
    }

    /// A group's advantages do not change with the rewards of other groups.
    @Property(tries = 200)
    void groupsDoNotKnowEachOther(
            @ForAll("ofGroups") GroupAdvantage kind,
            @ForAll @IntRange(min = 2, max = 6) int groups,
            @ForAll @IntRange(min = 2, max = 9) int size,
            @ForAll long seed) {
        double[] rewards = draw(groups * size, seed);
        double[] together = kind.of(rewards, size);
        for (int g = 0; g < groups; g++) {
            double[] alone = kind.of(Arrays.copyOfRange(rewards, g * size, (g + 1) * size), size);
            assertThat(Arrays.copyOfRange(together, g * size, (g + 1) * size)).containsExactly(alone);
        }
    }

    @Property(tries = 200)
    void grpoDividesByTheUnbiasedDeviation(@ForAll @IntRange(min = 2, max = 9) int size, @ForAll long seed) {
        double[] rewards = draw(size, seed);
        double[] found = GroupAdvantage.NORMALISED.of(rewards, size);
        double mean = 0;
        for (double each : rewards) {
            mean += each / size;
        }
        double squares = 0;
        for (double each : rewards) {
            squares += Math.pow(each - mean, 2);
        }
        for (int i = 0; i < size; i++) {
            assertThat(found[i])
                    .isEqualTo((rewards[i] - mean) / (Math.sqrt(squares / (size - 1)) + 1e-4), within(1e-9));
        }
    }

    /// `a·R + b` with a > 0: the 1e-4 beside the deviation s makes a relative difference below 1e-4/s·|1 -
    /// 1/a|.
    @Property(tries = 200)
    void scaleAndShiftOfRewardsDoNotMatterToGrpo(
            @ForAll @DoubleRange(min = 0.5, max = 8) double a,
            @ForAll @DoubleRange(min = -9, max = 9) double b,
            @ForAll long seed) {
        double[] rewards = draw(8, seed);
        double[] one = GroupAdvantage.NORMALISED.of(rewards, 8);
        double[] moved = GroupAdvantage.NORMALISED.of(
                Arrays.stream(rewards).map(r -> a * r + b).toArray(), 8);
        double bound = 1e-4 / GroupAdvantage.std(rewards, 0, 8) * 4;
        for (int i = 0; i < 8; i++) {
            assertThat(moved[i]).isEqualTo(one[i], within(bound));
        }
    }

    /// Each is compared with the mean of the others, itself left out.
    @Property(tries = 200)
    void rlooLeavesOneOut(@ForAll @IntRange(min = 2, max = 9) int size, @ForAll long seed) {
        double[] rewards = draw(size, seed);
        double[] found = GroupAdvantage.LEAVE_ONE_OUT.of(rewards, size);
        for (int i = 0; i < size; i++) {
            double others = 0;
            for (int j = 0; j < size; j++) {
                others += j == i ? 0 : rewards[j] / (size - 1);
            }
            assertThat(found[i]).isEqualTo(rewards[i] - others, within(1e-9));
        }
    }

    @Test
    void drGrpoOnlySubtractsTheMean() {
        assertThat(GroupAdvantage.CENTRED.of(new double[] {1, 0, 0, 0}, 4)).containsExactly(0.75, -0.25, -0.25, -0.25);
    }

    /// Exactly 0 and not a rounding error divided by 1e-4: 0.1 is no binary fraction, and its mean may not be
    /// 0.1.
    @Property(tries = 200)
    void equalRewardsTeachNothing(
            @ForAll("ofGroups") GroupAdvantage kind,
            @ForAll @DoubleRange(min = -3, max = 3) double reward,
            @ForAll @IntRange(min = 1, max = 30) int size) {
        double[] rewards = new double[size];
        Arrays.fill(rewards, reward);
        assertThat(kind.of(rewards, size)).containsOnly(0);
    }

    @Test
    void groupsOfOneTeachNothing() {
        for (GroupAdvantage kind : ofGroups().allValues().orElseThrow().toList()) {
            assertThat(kind.of(new double[] {3, -1, 7}, 1)).containsExactly(0, 0, 0);
        }
        assertThat(GroupAdvantage.BATCH_CENTRED.of(new double[] {3, -1, 7}, 1)).containsExactly(0, -4, 4);
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> GroupAdvantage.CENTRED.of(new double[7], 3))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("7 rewards")
                .hasMessageContaining("groups of 3");
        assertThatThrownBy(() -> GroupAdvantage.CENTRED.of(new double[7], 0)).isInstanceOf(ConfigException.class);
    }
}
