package gradus.lessons.lab.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.model.Gpt;
import gradus.lessons.lab.LabRun;
import gradus.lessons.lab.material.HeldOutText;
import gradus.lessons.lab.material.Material;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import gradus.tensor.random.Rng;
import gradus.train.Trainer;
import gradus.train.average.EmaKind;
import gradus.train.average.WeightAverage;
import gradus.train.schedule.ScheduleKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class EmaLabTest {
    private static final HeldOutText TEXT = HeldOutText.ofText("one two three four ".repeat(200), "the text", 600);

    @TempDir
    private Path folder;

    /// Against trainings that average by themselves, one for each decay.
    @Test
    void theAveragesAreTheTrainersOwnAndChangeNothing() {
        EmaRun run = new EmaRun(ScheduleKind.WSD, 1e-2, 12, TEXT);
        JsonNode measured = new Material(folder, line -> {}).measured(run, 1);
        assertThat(last(measured, EmaRun.RAW)).isCloseTo(trained(run, 0, EmaKind.WARMED), within(1e-9));
        for (double decay : EmaRun.DECAYS) {
            assertThat(last(measured, EmaRun.name(decay))).isCloseTo(trained(run, decay, EmaKind.WARMED), within(1e-9));
        }
        assertThat(last(measured, EmaRun.DEBIASED))
                .isCloseTo(trained(run, EmaRun.DECAYS.getLast(), EmaKind.DEBIASED), within(1e-9));
        assertThat(last(measured, EmaRun.PLAIN)).isGreaterThan(last(measured, EmaRun.DEBIASED));
        assertThat(measured.path("step").valueStream().map(JsonNode::asInt))
                .containsExactlyElementsOf(run.measures())
                .endsWith(12);
        assertThatThrownBy(() -> new EmaRun(ScheduleKind.WSD, 0, 12, TEXT)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new EmaRun(ScheduleKind.WSD, 1, 1, TEXT)).isInstanceOf(ConfigException.class);
    }

    private static double last(JsonNode measured, String name) {
        return measured.path(name).get(measured.path(name).size() - 1).asDouble();
    }

    private static double trained(EmaRun run, double decay, EmaKind kind) {
        return Trainer.of(run.model(1), run.config(1).withEmaDecay(decay).withEma(kind), TEXT.split())
                .run()
                .validationLoss()
                .orElseThrow();
    }

    /// Against a copy that is averaged number by number.
    @Test
    void aPlainCopyIsADebiasedAverageAndItsBeginning() {
        Gpt gpt = new EmaRun(ScheduleKind.CONSTANT, 1, 2, TEXT).model(5);
        Map<String, double[]> start = new HashMap<>();
        Map<String, double[]> copy = new HashMap<>();
        gpt.namedParameters().forEach((name, weight) -> {
            start.put(name, weight.toArray());
            copy.put(name, weight.toArray());
        });
        WeightAverage debiased = EmaKind.DEBIASED.of(gpt, 0.8);
        for (int t = 1; t <= 6; t++) {
            int step = t;
            gpt.namedParameters().forEach((name, weight) -> {
                double[] moved = weight.toArray();
                double[] own = copy.get(name);
                for (int i = 0; i < moved.length; i++) {
                    moved[i] += Rng.of(step).at(name).gaussian(i);
                    own[i] = 0.8 * own[i] + 0.2 * moved[i];
                }
                weight.set(moved);
            });
            debiased.update();
        }
        try (var swapped = debiased.swapIn()) {
            EmaRun.addStart(gpt, start, Math.pow(0.8, 6));
            gpt.namedParameters()
                    .forEach((name, weight) -> assertThat(weight.toArray())
                            .usingComparatorWithPrecision(1e-4)
                            .containsExactly(copy.get(name)));
        }
    }

    /// Columns: raw, three decays, debiased, copy; then the same early. The second seed has 0.1 more everywhere.
    private static void put(SeedTable table, ScheduleKind kind, double rate, double raw, double middle, double copy) {
        double[] values = {raw, raw, middle, raw, raw, raw, 3, 3, 3, 3.1, 3.2, copy};
        table.put(TextPart.row(kind, rate), values);
        table.put(
                TextPart.row(kind, rate),
                Arrays.stream(values).map(each -> each + 0.1).toArray());
    }

    private static String said(double constant, double high, double cosine, double cooldown, double copy) {
        SeedTable table = TextPart.empty();
        put(table, ScheduleKind.CONSTANT, 4e-3, 2.1, 2.1 - constant, copy);
        put(table, ScheduleKind.COSINE, 4e-3, 2, 2 - cosine, copy);
        put(table, ScheduleKind.WSD, 4e-3, 1.9, 1.9 - cooldown, copy);
        put(table, ScheduleKind.CONSTANT, 1.2e-2, 2.2, 2.2 - high, copy);
        put(table, ScheduleKind.COSINE, 1.2e-2, 2, 2 - cosine, copy);
        put(table, ScheduleKind.WSD, 1.2e-2, 1.9, 1.9 - cooldown, copy);
        return TextPart.claims(new Section("s", "p"), table).toString();
    }

    @Test
    void whatIsSaidFollowsFromTheNumbers() {
        String good = said(0.05, 0.1, 0.001, 0.002, 4);
        assertThat(good)
                .doesNotContain("Does not hold")
                .contains("(Izmailov et al. 2018): 0.050 ± 0.000.")
                .contains("(Hägele et al. 2024), by: 0.150 ± 0.000.")
                .contains("worse than a debiased average, by: 0.800 ± 0.000.");
        assertThat(good.split("Holds", -1)).hasSize(1 + 12);
        String bad = said(-0.01, -0.02, 0.001, 0.02, 2.9);
        assertThat(bad)
                .contains("**Does not hold here.** At a constant rate of 0.004")
                .contains("**Does not hold here.** It gains more than behind a cosine")
                .contains("**Does not hold here.** Behind a cooldown it gains less than 0.01: 0.020 ± 0.000.")
                .contains("**Does not hold here.** At the higher constant rate")
                .contains("**Does not hold here.** Early on, a plain copy is worse than the raw weights")
                .contains("**Does not hold here.** Early on, a plain copy is worse than a warmed average");
        assertThat(said(0.3, 0.4, 0, 0, 4)).contains("**Does not hold here.** The average at a constant rate stays");
    }

    @Test
    void theCommandNamesEveryScheduleAndGoesOn() throws Exception {
        Path text = folder.resolve("text.txt");
        Files.writeString(text, "one two three four ".repeat(200));
        Path lab = folder.resolve("lab");
        String[] arguments = {
            "ema", "--out=" + lab, "--data=" + text, "--steps=2", "--seeds=1", "--numbers=50", "--held-out=600"
        };
        LabRun run = LabRun.of(arguments);
        assertThat(run.code()).as(String.valueOf(run.failure())).isZero();
        assertThat(run.printed())
                .contains("| constant, 0.004 |", "| cosine, 0.012 |", "| cooldown, 0.004 |")
                .contains("| 0.05, constant | none | 0.02564 |", "| 0.5, falls | 0.99 |")
                .contains("**Holds.** The library's averages are exact within");
        assertThat(lab.resolve("table.md")).hasContent(run.printed());
        assertThat(lab.resolve("ema-0.004.png")).isNotEmptyFile();
        assertThat(lab.resolve("ema-0.012.png")).isNotEmptyFile();
        LabRun again = LabRun.of(arguments);
        assertThat(again.printed()).isEqualTo(run.printed());
        assertThat(again.told()).doesNotContain("is trained");
    }

    @Test
    void settingsThatCannotBeAreRefused() {
        String out = "--out=" + folder.resolve("lab");
        assertThat(LabRun.of("ema", out, "--steps=1").failure()).hasMessageContaining("--steps must be at least 2");
        assertThat(LabRun.of("ema", out, "--seeds=0").failure()).hasMessageContaining("--seeds must be at least 1");
        assertThat(LabRun.of("ema", out, "--numbers=1").failure())
                .hasMessageContaining("--numbers must be 2 to 1048576; got 1");
        assertThat(LabRun.of("ema", out, "--held-out=512").failure())
                .hasMessageContaining("--held-out must be at least 513, one batch; got 512");
        assertThat(folder.resolve("lab")).doesNotExist();
    }
}
