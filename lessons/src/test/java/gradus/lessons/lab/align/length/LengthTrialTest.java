package gradus.lessons.lab.align.length;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.lessons.lab.option.LabFolder;
import gradus.tensor.random.Rng;
import gradus.train.generate.Sampling;
import gradus.train.optimizer.Sgd;
import gradus.train.optimizer.SgdConfig;
import gradus.train.rl.Completion;
import gradus.train.rl.GroupPolicyConfig;
import gradus.train.rl.RolloutConfig;
import gradus.train.rl.Rollouts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LengthTrialTest {
    private static final int LIMIT = 12;

    private static LengthTrial train(GroupPolicyConfig config, Talk talk, double lr, long seed) {
        StopTable table = new StopTable(0.3, 0.3, 1 + LIMIT);
        RolloutConfig rollouts =
                RolloutConfig.defaults().withPrompts(8).withNumGenerations(8).withMaxCompletionLength(LIMIT);
        LengthTrial.Setting setting = new LengthTrial.Setting(
                table, new Sgd(table.parameters(), SgdConfig.defaults()), lr, config, rollouts, 40);
        return LengthTrial.run(setting, talk, 4, Rng.of(seed).at("training"));
    }

    /// GRPO makes wrong answers longer and right ones shorter; without its division, or where the answer does not
    /// count, the lengths only tremble.
    @Test
    void lengthsPartUnderGrpoAlone() {
        for (long seed = 1; seed <= 3; seed++) {
            LengthTrial grpo = train(GroupPolicyConfig.grpo(), Talk.paid(), 2, seed);
            assertThat(grpo.growth(false)).isGreaterThan(1);
            assertThat(grpo.growth(true)).isLessThan(-0.3);
            assertThat(grpo.share()[3]).isCloseTo(0.3, within(0.06)); // the table does not learn to answer
            LengthTrial dr = train(GroupPolicyConfig.drGrpo(), Talk.paid(), 2 * LIMIT / 4.0, seed);
            assertThat(Math.abs(dr.growth(false))).isLessThan(0.8);
            LengthTrial coin = train(GroupPolicyConfig.grpo(), Talk.byCoin(Rng.of(seed)), 2, seed);
            assertThat(Math.abs(coin.growth(false))).isLessThan(0.8);
        }
    }

    @Test
    void theTableWritesWhatItsNumbersSay() {
        StopTable table = new StopTable(0.3, 0.25, 1 + LIMIT);
        List<Completion> drawn = new Rollouts(table, Sampling.defaults(), Talk.END, LIMIT)
                .groups(List.of(new int[] {Talk.ASKED}), 1000, Rng.of(4));
        int right = 0;
        int length = 0;
        for (Completion each : drawn) {
            int kind = each.tokens()[0];
            assertThat(kind).isIn(Talk.RIGHT, Talk.WRONG);
            for (int token : each.answer()) {
                assertThat(token).isEqualTo(kind);
            }
            right += kind == Talk.RIGHT ? 1 : 0;
            length += each.length();
            int goes = each.length() - (each.ended() ? 2 : 1);
            double logProb = Math.log(kind == Talk.RIGHT ? 0.3 : 0.7)
                    + goes * Math.log(0.75)
                    + (each.ended() ? Math.log(0.25) : 0);
            assertThat(each.logProbability()).isCloseTo(logProb, within(1e-5));
        }
        assertThat(right).isBetween(240, 360); // four standard deviations of 14.5
        assertThat(length / 1000.0)
                .isCloseTo(EndLogitGradient.meanLength(0.25, LIMIT), within(4 * 3 / Math.sqrt(1000)));
    }

    @Test
    void windowsAreMeansOfTheirAnswers() {
        List<Talk.Graded> graded = new ArrayList<>();
        for (int length = 2; length <= 9; length++) {
            graded.add(new Talk.Graded(length % 2 == 0, length));
        }
        LengthTrial trial = LengthTrial.of(graded, 2);
        assertThat(trial.right()).containsExactly(3, 7);
        assertThat(trial.wrong()).containsExactly(4, 8);
        assertThat(trial.share()).containsExactly(0.5, 0.5);
        assertThat(trial.growth(false)).isEqualTo(4);
        LengthTrial none = LengthTrial.of(List.of(new Talk.Graded(true, 3), new Talk.Graded(true, 5)), 2);
        assertThat(none.wrong()).containsOnly(Double.NaN);
        assertThat(none.growth(false)).isNaN();
        assertThat(none.growth(true)).isEqualTo(2);
        assertThat(trial.parting()).isZero();
    }

    @Test
    void thePartHasItsTablesAndFiles(@TempDir Path folder) throws Exception {
        LengthBiasPart part = new LengthBiasPart(new LengthPlan(2, 4, 1, 4, 2), Rng.of(1));
        String text = part.run(new LabFolder(folder), line -> {});
        assertThat(text)
                .contains("| 0.25 | 5.0 |", "| grpo, paid by coin |", "| dr_grpo |")
                .contains("Wrong answers grow ", " under grpo than under dr_grpo, by ");
        assertThat(part.predicted("grpo", false)).isPositive();
        assertThat(part.predicted("grpo", true)).isNegative();
        assertThat(part.predicted("dr_grpo", false)).isCloseTo(0, within(1e-12));
        assertThat(part.predicted("grpo, paid by coin", false)).isZero();
        assertThat(folder.resolve("length-bias-table.png")).isNotEmptyFile();
        assertThat(folder.resolve("length-bias-gpt.png")).isNotEmptyFile();
        assertThat(Files.readAllLines(folder.resolve("length-bias.csv"))).hasSize(1 + 2 * 4 * 2);
        assertThat(part.run(new LabFolder(folder), line -> {})).isEqualTo(text);
    }
}
