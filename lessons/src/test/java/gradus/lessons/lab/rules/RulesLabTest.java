package gradus.lessons.lab.rules;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.lessons.lab.LabRun;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulesLabTest {
    @TempDir
    private Path folder;

    /// The second seed has 0.02 more everywhere, which no difference shows.
    private static void put(SeedTable table, String row, double... values) {
        table.put(row, values);
        table.put(row, Arrays.stream(values).map(each -> each + 0.02).toArray());
    }

    /// Columns: one hop, seen, held out, gap, three hops, of two, shown, renamed, three, of two, control, follows,
    /// keeps.
    private static String said(double heldOut, double longer, double renamed, double follows, double shuffled) {
        SeedTable table = RulesVerdicts.empty();
        put(table, RulesVerdicts.FIXED, 1, 1, 0.06, 0.9, 0.06, 0, 0, 0.1, 0.1, 0, 0.1, 0, 1);
        put(table, RulesVerdicts.MANY, 1, 1, heldOut, 0.1, 0.06, 0, 0, 0.1, 0.1, 0, 0.1, 0, 1);
        put(table, RulesVerdicts.FIXED_STEPS, 1, 1, heldOut, 0, longer, 0, 0, 0.1, 0.1, 0, 0.1, 0, 1);
        put(table, RulesVerdicts.FRESH, 0, 0, 0.06, 0, 0.06, 0, 0, renamed, 0.1, 0, 0.1, follows, 0.5);
        put(table, RulesVerdicts.FRESH_STEPS, 0, 0, 0.06, 0, 0.06, 0, 0, renamed, renamed, 0, 0.1, follows, 0.5);
        put(table, RulesVerdicts.MIXTURE, 1, 1, 0.06, 0, 0.06, 0, 0, renamed, 0.1, 0, 0.1, follows, 0.5);
        put(table, RulesVerdicts.MIXTURE_STEPS, 1, 1, heldOut, 0, 0.06, 0, 0, renamed, 0.1, 0, 0.1, follows, 0.5);
        put(table, RulesVerdicts.SHUFFLED, 1, 0, shuffled, 1, 0.06, 0, 0, 0.1, 0.1, 0, 0.1, 0, 0.1);
        put(table, RulesVerdicts.CHANCE, 0.06, 0.06, 0.06, 0, 0.06, 0, 0.2, 0.2, 0.2, 0, 0.2, 0.2, 0.2);
        return new RulesVerdicts(table).claims(new Section("s", "p")).toString();
    }

    @Test
    void claimsHoldWhereTheNumbersSaySo() {
        String all = said(0.8, 0.8, 0.9, 0.9, 0.05);
        assertThat(all).doesNotContain("Does not hold");
        assertThat(all.split("Holds", -1)).hasSize(1 + 20);
        assertThat(all)
                .contains("**Holds.** A model of the fixed world repeats")
                .contains("by more than 0.5: 0.940 ± 0.000.")
                .contains(
                        "**Holds.** Control: they are not after training with fixed world; over chance by: -0.100 ± 0.000.");
    }

    @Test
    void andDoNotWhereTheyDoNot() {
        String none = said(0.05, 0.05, 0.15, 0.4, 0.5);
        assertThat(none)
                .contains("**Does not hold here.** More different compositions")
                .contains("**Does not hold here.** Steps written out bring")
                .contains("**Does not hold here.** With steps more chains of three hops are right, by: -0.010 ± 0.000.")
                .contains("**Does not hold here.** With steps and fresh worlds, three hops")
                .contains(
                        "**Does not hold here.** Rules of renamed symbols are followed after training with fresh worlds, over")
                .contains(
                        "**Does not hold here.** Rules of renamed symbols are followed after training with mixture, steps")
                .contains(
                        "**Does not hold here.** Contradicted, the answer follows the context rather than training, with mixture")
                .contains("**Does not hold here.** The mixture with steps")
                .contains(
                        "**Does not hold here.** Control: held-out compositions are not right more often than by chance");
    }

    @Test
    void measuresComeAtEqualDistancesAndAtTheEnd() {
        assertThat(IntStream.rangeClosed(1, 1500).filter(i -> RulesRecipe.isMeasured(i, 1500)))
                .containsExactly(188, 375, 563, 750, 938, 1125, 1313, 1500);
        assertThat(IntStream.rangeClosed(1, 3).filter(i -> RulesRecipe.isMeasured(i, 3)))
                .containsExactly(1, 2, 3);
    }

    @Test
    void theCommandNamesEveryRecipeAndGoesOn() {
        Path lab = folder.resolve("lab");
        String[] arguments = {"rules", "--out=" + lab, "--steps=2", "--seeds=1", "--channels=8", "--questions=10"};
        LabRun run = LabRun.of(arguments);
        assertThat(run.code()).as(String.valueOf(run.failure())).isZero();
        assertThat(run.printed())
                .contains(
                        "| fixed world, more compositions |",
                        "| mixture, steps |",
                        "| control: answers drawn at random |")
                .contains("**One seed decides nothing.**");
        assertThat(lab.resolve("table.md")).hasContent(run.printed());
        assertThat(lab.resolve("held-out.png")).isNotEmptyFile();
        assertThat(lab.resolve("renamed.png")).isNotEmptyFile();
        LabRun again = LabRun.of(arguments);
        assertThat(again.printed()).isEqualTo(run.printed());
        assertThat(again.told()).doesNotContain("is trained");
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        String out = "--out=" + folder.resolve("lab");
        assertThat(LabRun.of("rules", out, "--steps=1").failure()).hasMessageContaining("--steps must be at least 2");
        assertThat(LabRun.of("rules", out, "--seeds=0").failure()).hasMessageContaining("--seeds must be at least 1");
        assertThat(LabRun.of("rules", out, "--questions=0").failure())
                .hasMessageContaining("--questions must be at least 1; got 0");
        assertThat(LabRun.of("rules", out, "--channels=12").failure())
                .hasMessageContaining("--channels must be a multiple of 8; got 12");
        assertThat(folder.resolve("lab")).doesNotExist();
    }
}
