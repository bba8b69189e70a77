package gradus.lessons.sickruns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.DataException;
import gradus.error.ResourceException;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Norms;
import gradus.layers.model.config.Positions;
import gradus.tensor.random.Rng;
import gradus.tokenizer.CharTokenizer;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.corpus.WordNetCorpus;
import gradus.train.run.Preset;
import gradus.train.run.metrics.Metrics;
import gradus.train.run.text.BitsPerByte;
import gradus.train.schedule.ScheduleKind;
import gradus.train.task.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The diagnosis of runs that nobody has seen before: every seed is new.
class SickRunsTest {
    private final long seed = new Random().nextInt(1_000_000);

    @TempDir
    Path folder;

    @Test
    void namesAtLeastElevenOfTwelveSicknesses() {
        List<String> missed = new ArrayList<>();
        for (Sickness sickness : Sickness.values()) {
            Path file = folder.resolve(sickness + ".jsonl");
            SickRun.write(Optional.of(sickness), Plan.small(seed), file);
            Diagnosis diagnosis = Diagnosis.of(file);
            if (!diagnosis.sickness().equals(Optional.of(sickness))) {
                missed.add(sickness + " taken for " + diagnosis);
            }
        }
        assertThat(Sickness.values()).hasSize(12);
        assertThat(missed).as("seed " + seed).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void callsNoHealthyRunSick() {
        for (int i = 0; i < 9; i++) {
            Plan plan = healthy(seed + i, i);
            Path file = folder.resolve(i + ".jsonl");
            SickRun.write(Optional.empty(), plan, file);
            Diagnosis diagnosis = Diagnosis.of(file);
            assertThat(diagnosis.sickness()).as("%s of %s", diagnosis, plan).isEmpty();
        }
        Diagnosis preset = Diagnosis.of(preset());
        assertThat(preset.sickness()).as("%s, seed %d", preset, seed).isEmpty();
    }

    /// Other sizes, parts, rates and schedules.
    private static Plan healthy(long seed, int number) {
        Plan plan = Plan.small(seed);
        GptConfig model =
                plan.model().withDim(new int[] {24, 32, 48}[number % 3]).withContext(12 + 4 * (number % 4));
        TrainConfig training = plan.training()
                .withSchedule(ScheduleKind.values()[number % ScheduleKind.values().length])
                .withLr(3e-3 + 1e-3 * number)
                .withBatchSize(8 + 4 * (number % 3))
                .withSteps(160 + 10 * number)
                .withMinLr(number % 2 == 0 ? 0 : 2e-4);
        return switch (number) {
            case 1 -> new Plan(model.withNorm(new Norms.Rms(1e-5)), training);
            case 2 -> new Plan(model.withPosition(new Positions.Rope(10_000)), training.withWarmup(0));
            case 3 -> new Plan(model.withDropout(0.1), training.withEvalEvery(0));
            case 4 -> new Plan(model.withLayers(2), training.withClip(0));
            case 5 -> new Plan(model.withHeads(4), training.withEvalEvery(50));
            default -> new Plan(model, training);
        };
    }

    /// The preset `char-tiny` on the dictionary's entries, as `gradus train --preset char-tiny` trains it.
    private Path preset() {
        String text = WordNetCorpus.text(seed).substring(0, 400_000);
        CharTokenizer tokenizer = CharTokenizer.of(text);
        Preset tiny = Preset.CHAR_TINY;
        Gpt gpt = new Gpt(tiny.model().withVocabSize(tokenizer.vocabularySize()), Rng.of(seed));
        Path file = folder.resolve("preset.jsonl");
        try (Metrics metrics = new Metrics(file, new BitsPerByte(1, 1), 12 * 32)) {
            metrics.goOn(Optional.empty());
            Split data = Split.holdOut(tokenizer.encode(text), 0.05);
            Trainer.of(gpt, tiny.train().withSeed(seed), data).listen(metrics).run();
        }
        return file;
    }

    // --- files

    private Path file(String... lines) throws IOException {
        return Files.write(folder.resolve("metrics.jsonl"), List.of(lines));
    }

    @Test
    void readsWhatRunsWrite() throws IOException {
        Curves run = Curves.read(file(
                "{\"step\":0,\"validationLoss\":3.5,\"bitsPerByte\":5.0,\"whole\":false,\"tokens\":0,\"time\":\"\"}",
                "{\"step\":1,\"loss\":3.4,\"lr\":9.8E-4,\"gradNorm\":\"NaN\",\"tokensPerSecond\":1.0,\"skipped\":true}",
                "{\"step\":2,\"loss\":3.2,\"lr\":1E-3,\"gradNorm\":0.8,\"tokensPerSecond\":1.0,\"tokens\":2}"));
        assertThat(run.loss()).containsExactly(3.4, 3.2);
        assertThat(run.rate()).containsExactly(9.8e-4, 1e-3);
        assertThat(run.norm()).containsExactly(Double.NaN, 0.8);
        assertThat(run.evaluatedAt()).containsExactly(0);
        assertThat(run.lastValidation()).isEqualTo(3.5);
    }

    @Test
    void diagnosesRunsOfAnyLength() throws IOException {
        for (int steps = 1; steps < 40; steps++) {
            List<String> lines = new ArrayList<>();
            for (int i = 1; i <= steps; i++) {
                lines.add("{\"step\":%d,\"loss\":%s,\"lr\":0.0,\"gradNorm\":1.0}".formatted(i, 4 - 2.0 * i / steps));
            }
            assertThat(Diagnosis.of(file(lines.toArray(String[]::new))).evidence())
                    .isNotEmpty();
        }
    }

    @Test
    void refusesWhatIsNoRun() {
        assertThatThrownBy(() -> Diagnosis.of(folder.resolve("none"))).isInstanceOf(ResourceException.class);
        assertThatThrownBy(() -> Diagnosis.of(file())).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> Diagnosis.of(file("{\"step\":1}"))).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> Diagnosis.of(file("step 1: loss 3"))).isInstanceOf(DataException.class);
    }

    @Test
    void isAProgramWithASwitch() {
        Path file = folder.resolve("m.jsonl");
        SickRun.main(new String[] {"dead_start", "5", file.toString()});
        assertThat(Diagnosis.of(file)).asString().startsWith("DEAD_START: ");
    }
}
