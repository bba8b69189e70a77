package gradus.lessons.lab.optimizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.model.Gpt;
import gradus.lessons.lab.LabRun;
import gradus.lessons.lab.material.GptSize;
import gradus.lessons.lab.material.HeldOutText;
import gradus.lessons.lab.material.Material;
import gradus.tensor.random.Rng;
import gradus.train.optimizer.OptimizerKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptimizersLabTest {
    private static final HeldOutText TEXT = HeldOutText.ofText("one two three four ".repeat(200), "the text", 600);

    @TempDir
    private Path folder;

    private OptimizerRuns runs() {
        return new OptimizerRuns(3, 1, TEXT, new Material(folder, line -> {}));
    }

    /// Of a loss that is a parabola in the logarithm of the rate, wherever its vertex lies.
    @Property(tries = 200)
    void theBestRateIsFoundAndLiesBetweenWorseOnes(@ForAll @DoubleRange(min = -4, max = 4) double away) {
        double vertex = 8e-3 * Math.exp(away);
        RateSearch search = RateSearch.of(8e-3, 2, rate -> 2 + Math.pow(Math.log(rate / vertex), 2));
        assertThat(search.inside()).isTrue();
        assertThat(search.vertex()).isCloseTo(vertex, within(1e-6 * vertex));
        assertThat(Math.abs(Math.log(search.best() / vertex))).isLessThanOrEqualTo(Math.log(2) / 2 + 1e-9);
    }

    @Test
    void ratesThatBreakOffAreTheWorst() {
        RateSearch search = RateSearch.of(1, 2, rate -> rate > 0.3 ? Double.NaN : 1 + Math.abs(Math.log(rate / 0.2)));
        assertThat(search.best()).isEqualTo(0.25);
        assertThat(search.vertex()).isEqualTo(0.25); // a neighbour broke off
        List<Double> asked = new ArrayList<>();
        RateSearch endless = RateSearch.of(1, 2, rate -> {
            asked.add(rate);
            return -rate;
        });
        assertThat(asked).hasSize(12).doesNotHaveDuplicates();
        assertThat(endless.inside()).isFalse();
        assertThat(endless.vertex()).isEqualTo(endless.best());
    }

    @Test
    void theMatricesOfTheBlocksAreScaledAndNothingElse() {
        Gpt gpt = new Gpt(GptSize.ofDim(8).config(20, 16), Rng.of(1));
        assertThat(OptimizerRun.hidden(gpt.namedParameters()))
                .hasSize(2 * 4)
                .allMatch(name -> name.startsWith("h.") && name.endsWith(".weight"))
                .noneMatch(name -> name.contains("ln_"));
        assertThat(new OptimizerRun(OptimizerKind.ADAMW, 1, 64, true, 3, TEXT).factor())
                .isEqualTo(0.25);
        assertThat(new OptimizerRun(OptimizerKind.ADAMW, 1, 64, false, 3, TEXT).factor())
                .isOne();
        OptimizerRuns runs = runs();
        // at the base width the factor is 1
        assertThat(runs.loss(OptimizerKind.ADAMW, 1e-2, 16, true, 1))
                .isEqualTo(runs.loss(OptimizerKind.ADAMW, 1e-2, 16, false, 1));
        assertThat(runs.loss(OptimizerKind.ADAMW, 1e-2, 32, true, 1))
                .isNotEqualTo(runs.loss(OptimizerKind.ADAMW, 1e-2, 32, false, 1));
    }

    @Test
    void theStateIsCounted() {
        OptimizerRuns runs = runs();
        assertThat(runs.state(OptimizerKind.ADAMW, 1e-3, 8, 1)).isCloseTo(8, within(0.05));
        assertThat(runs.state(OptimizerKind.LION, 1e-3, 8, 1)).isCloseTo(4, within(0.05));
        assertThat(runs.state(OptimizerKind.MUON, 1e-3, 8, 1)).isBetween(4.0, 8.0);
    }

    @Test
    void aTrainingThatBreaksOffHasNoLoss() {
        assertThat(runs().loss(OptimizerKind.SGD, 1e30, 8, false, 1)).isNaN();
        assertThatThrownBy(() -> new OptimizerRun(OptimizerKind.SGD, 0, 8, false, 3, TEXT))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new OptimizerRun(OptimizerKind.SGD, 1, 8, false, 1, TEXT))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void theCommandNamesEveryOptimiserAndGoesOn() throws Exception {
        Path text = folder.resolve("text.txt");
        Files.writeString(text, "one two three four ".repeat(200));
        Path lab = folder.resolve("lab");
        List<String> arguments = List.of(
                "optimizers",
                "--out=" + lab,
                "--data=" + text,
                "--steps=2",
                "--seeds=1",
                "--widths=4,8",
                "--held-out=600");
        LabRun run = LabRun.of(arguments.toArray(String[]::new));
        assertThat(run.code()).as(String.valueOf(run.failure())).isZero();
        for (OptimizerKind kind : OptimizerKind.values()) {
            assertThat(run.printed()).contains("| " + kind.name().toLowerCase(Locale.ROOT) + " |");
        }
        assertThat(run.printed())
                .contains("**Holds.** Control: paged AdamW has the losses of AdamW: 0.000000.")
                .contains("## A rate for another width")
                .contains("**One seed decides nothing.** The transfer costs less");
        assertThat(lab.resolve("table.md")).hasContent(run.printed());
        assertThat(lab.resolve("rates-scaled.png")).isNotEmptyFile();
        LabRun again = LabRun.of(arguments.toArray(String[]::new));
        assertThat(again.printed()).isEqualTo(run.printed());
        assertThat(again.told()).doesNotContain("is trained");
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        String out = "--out=" + folder.resolve("lab");
        assertThat(LabRun.of("optimizers", out, "--steps=1").failure())
                .hasMessageContaining("--steps must be at least 2");
        assertThat(LabRun.of("optimizers", out, "--widths=8").failure())
                .hasMessageContaining("two or more multiples of 4");
        assertThat(LabRun.of("optimizers", out, "--widths=8,10").failure()).hasMessageContaining("got [8, 10]");
        assertThat(LabRun.of("optimizers", out, "--held-out=7").failure())
                .hasMessageContaining("--held-out must be at least 512, one batch; got 7");
        assertThat(folder.resolve("lab")).doesNotExist();
    }
}
