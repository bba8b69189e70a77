package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.train.run.Line;
import gradus.train.run.RunConfig;
import gradus.train.run.RunFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The folder `format1` is of version 0.1.0, whose checkpoints had format 1: `gradus train --data text.txt
/// --preset char-tiny --model.layers=1 --model.dim=8 --model.heads=2 --model.context=8 --model.dropout=0.1
/// --steps 6 --train.evalEvery=2 --train.checkpointEvery=4 --train.emaDecay=0.9 --out run`.
///
/// `format2` is of the same version, later, with format 2 and settings that are no defaults: `gradus train --data
/// text.txt --preset char-tiny --model.layers=1 --model.dim=8 --model.heads=2 --model.context=8 --model.attention=gqa
/// --model.kvHeads=1 --model.position=rope --model.norm=rmsnorm --model.feedForward=swiglu --steps 6
/// --train.optimizer=muon --train.schedule=wsd --train.beta1=0.95 --train.accumulation=2 --train.labelSmoothing=0.1
/// --train.patience=3 --train.checkpointing --train.evalEvery=2 --train.checkpointEvery=4 --train.emaDecay=0.9
/// --train.ema=debiased --out run`.
class EarlierRunTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    private Path run;
    private String text;

    private void copy(String format) throws Exception {
        Path saved = Path.of(
                        EarlierRunTest.class.getResource(format + "/text.txt").toURI())
                .getParent();
        try (Stream<Path> files = Files.walk(saved)) {
            for (Path file : files.sorted().toList()) {
                Path target = folder.resolve(saved.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
        run = folder.resolve("run");
        text = folder.resolve("text.txt").toString();
    }

    private List<JsonNode> metrics() throws Exception {
        return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
                .map(JSON::readTree)
                .toList();
    }

    /// Its text is looked for where it was typed, which is somewhere else by now.
    @ParameterizedTest
    @ValueSource(strings = {"format1", "format2"})
    void itsDataIsAskedForWhereItIsGone(String format) throws Exception {
        copy(format);
        Cli.run("eval", "--run", run.toString()).assertRefused("its data, text.txt, is gone", "--data");
        Cli.run("train", "--resume", run.toString()).assertRefused("its data, text.txt, is gone", "--data");
    }

    @ParameterizedTest
    @ValueSource(strings = {"format1", "format2"})
    void goesOnFromItsCheckpoint(String format) throws Exception {
        copy(format);
        List<JsonNode> before = metrics();
        try (Stream<Path> files = Files.walk(run.resolve("checkpoints/step-6"))) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
        Cli told = Cli.run("train", "--resume", run.toString(), "--data", text);
        assertThat(told.code()).as(told.err()).isZero();
        assertThat(told.err()).contains("going on after step 4").doesNotContain("something cut it");
        List<JsonNode> after = metrics();
        assertThat(after).hasSameSizeAs(before);
        for (int i = 0; i < after.size(); i++) {
            for (String field : List.of("step", "loss", "validationLoss", "gradNorm", "lr")) {
                // Another processor adds up in another order: float32 sums of some hundred terms.
                assertThat(after.get(i).path(field).asDouble(-1))
                        .as("line %d, %s", i, field)
                        .isCloseTo(before.get(i).path(field).asDouble(-1), within(1e-4));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"format1", "format2"})
    void isMeasuredAndWrites(String format) throws Exception {
        copy(format);
        Cli measured = Cli.run("eval", "--run", run.toString(), "--data", text);
        assertThat(measured.code()).as(measured.err()).isZero();
        double told = metrics().getLast().get("validationLoss").doubleValue();
        assertThat(measured.out()).contains(Line.format("%.3f", told));
        Cli written = Cli.run("sample", "--run", run.toString(), "--tokens", "20");
        assertThat(written.code()).as(written.err()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"format1", "format2"})
    void isCompleteAndSaysSo(String format) throws Exception {
        copy(format);
        Cli told = Cli.run("train", "--resume", run.toString(), "--data", text);
        assertThat(told.code()).as(told.err()).isZero();
        assertThat(told.err()).contains("going on after step 6");
        Cli.run(
                        "train",
                        "--resume",
                        run.toString(),
                        "--data",
                        folder.resolve("none.txt").toString())
                .assertOneLine(1, "does not exist");
    }

    /// What is read and written again is the file as it was.
    @Test
    void itsSettingsArePrintedAsTheyWere() throws Exception {
        copy("format2");
        String before = Files.readString(run.resolve("config.json"));
        RunFolder folder = RunFolder.open(run);
        RunConfig.read(folder).write(folder);
        assertThat(Files.readString(run.resolve("config.json"))).isEqualTo(before);
    }

    @Test
    void itsBestWeightsWrite() throws Exception {
        copy("format2");
        Cli written = Cli.run("sample", "--run", run.toString(), "--best", "--tokens", "20");
        assertThat(written.code()).as(written.err()).isZero();
    }
}
