package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.train.run.RunConfig;
import gradus.train.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a training has learnt stays, whatever happens to its folder: nothing is overwritten without a word,
/// and what can still be resumed is.
@Timeout(300)
class LostWorkTest {
    @TempDir
    Path folder;

    private Path run() throws Exception {
        Path run = folder.resolve("run");
        Cli trained = Cli.train(Cli.text(folder), run, "--train.checkpointEvery=2");
        assertThat(trained.code()).as(trained.err()).isZero();
        return run;
    }

    private static Cli resume(Path run) {
        return Cli.run("train", "--resume", run.toString());
    }

    private static void remove(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    // --- no checkpoint

    @Test
    void u4_resumeOfATrainedRunWithoutACheckpointIsRefusedAndChangesNothing() throws Exception {
        Path run = run();
        remove(run.resolve("checkpoints"));
        byte[] metrics = Files.readAllBytes(run.resolve("metrics.jsonl"));
        byte[] weights = Files.readAllBytes(run.resolve("model.safetensors"));
        Cli told = resume(run);
        assertThat(told.code()).isEqualTo(2);
        assertThat(told.err()).contains("no checkpoint to go on from; nothing was changed");
        assertThat(Files.readAllBytes(run.resolve("metrics.jsonl"))).isEqualTo(metrics);
        assertThat(Files.readAllBytes(run.resolve("model.safetensors"))).isEqualTo(weights);
        assertThat(run.resolve("run.lock")).doesNotExist();
    }

    /// As a run that was killed before its first checkpoint leaves it.
    @Test
    void u4_resumeBeforeTheFirstCheckpointSaysSoAndKeepsTheLog() throws Exception {
        Path run = run();
        remove(run.resolve("checkpoints"));
        byte[] weights = Files.readAllBytes(run.resolve("model.safetensors"));
        String log = Files.readString(run.resolve("metrics.jsonl"));
        Files.delete(run.resolve("model.safetensors"));
        Cli told = resume(run);
        assertThat(told.code()).as(told.err()).isZero();
        assertThat(told.err())
                .contains("no checkpoint was written yet; beginning again with step 1", "as metrics.jsonl.1");
        assertThat(run.resolve("metrics.jsonl.1")).hasContent(log);
        assertThat(Files.readAllBytes(run.resolve("model.safetensors"))).isEqualTo(weights);
        assertThat(steps(run)).containsExactly(1, 2, 3, 4);
    }

    private static List<Integer> steps(Path run) throws IOException {
        List<Integer> steps = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            JsonNode json = line.startsWith("{\"step\"") ? new JsonMapper().readTree(line) : null;
            if (json != null
                    && json.path("loss").isNumber()
                    && json.path("step").isInt()) {
                steps.add(json.get("step").intValue());
            }
        }
        return steps;
    }

    // --- the log

    /// With the checkpoint of step 4 gone, step 3 and 4 are to be done again.
    private Path halfway() throws Exception {
        Path run = run();
        remove(run.resolve("checkpoints/step-4"));
        return run;
    }

    @Test
    void r9_aBlankOrForeignLineOfTheLogStaysAndKeepsNobodyFromGoingOn() throws Exception {
        for (String foreign : List.of(
                "",
                " ",
                "null",
                "[]",
                "{}",
                "7",
                "not JSON",
                "{\"step\":1}",
                "{\"step\":\"x\",\"loss\":1}",
                "{\"loss\":2}")) {
            Path run = halfway();
            List<String> lines = new ArrayList<>(Files.readAllLines(run.resolve("metrics.jsonl")));
            lines.add(1, foreign);
            Files.write(run.resolve("metrics.jsonl"), lines);
            Cli told = resume(run);
            assertThat(told.code()).as(told.err()).isZero();
            assertThat(told.err()).contains("metrics.jsonl:2: is no line of this program's", "going on after step 2");
            assertThat(Files.readAllLines(run.resolve("metrics.jsonl"))).contains(foreign);
            assertThat(steps(run)).containsExactly(1, 2, 3, 4);
            remove(run);
        }
    }

    @Test
    void r9_aLogThatWasCutOrDeletedKeepsNobodyFromGoingOn() throws Exception {
        for (int kept : new int[] {-1, 0, 1, 50, 200}) {
            Path run = halfway();
            Path metrics = run.resolve("metrics.jsonl");
            String log = Files.readString(metrics);
            Files.delete(metrics);
            if (kept >= 0) {
                Files.writeString(metrics, log.substring(0, kept));
            }
            Cli told = resume(run);
            assertThat(told.code()).as(told.err()).isZero();
            assertThat(told.err()).contains("something cut it", "going on after step 2");
            assertThat(steps(run)).endsWith(3, 4).doesNotHaveDuplicates();
            assertThat(Files.readString(metrics)).doesNotContain("}{").endsWith("}\n");
            remove(run);
        }
    }

    @Test
    void r9_whatTheLogTellsOfLaterStepsIsDropped() throws Exception {
        Path run = halfway();
        String before = Files.readString(run.resolve("metrics.jsonl"));
        assertThat(resume(run).code()).isZero();
        assertThat(steps(run)).containsExactly(1, 2, 3, 4);
        assertThat(Files.readString(run.resolve("metrics.jsonl")).lines())
                .hasSameSizeAs(before.lines().toList());
    }

    // --- the folder

    @Test
    @DisabledOnOs(OS.WINDOWS) // where open files keep their folder
    void r11_aFolderThatIsRemovedWhileTrainingIsMadeAnewWithWhatWasLearnt() throws Exception {
        Path run = folder.resolve("run");
        Path told = folder.resolve("told.txt");
        Process process = Cli.process(
                        List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                        "gradus.train.cli.Main",
                        Cli.arguments(Cli.text(folder), run, "--steps", "1000000000", "--train.checkpointEvery=2"))
                .redirectErrorStream(true)
                .redirectOutput(told.toFile())
                .start();
        try {
            while (!Files.exists(run.resolve("checkpoints/step-4"))) {
                assertThat(process.isAlive()).isTrue();
                Thread.sleep(5);
            }
            Files.move(run, folder.resolve("moved"));
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readString(told)).contains("run was removed or moved", "--resume " + run + " goes on");
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(run.resolve("tokenizer.json")).exists();
        assertThat(run.resolve("model.safetensors")).exists();
        RunConfig config = RunConfig.read(new RunFolder(run));
        assertThat(config.train().steps()).isEqualTo(1_000_000_000);
        assertThat(run.resolve("checkpoints")).isNotEmptyDirectory();
    }

    @Test
    void u5_theLockGoesWithANormalEnd() throws Exception {
        assertThat(run().resolve("run.lock")).doesNotExist();
        Path kept = folder.resolve("run");
        assertThat(resume(kept).code()).isZero();
        assertThat(kept.resolve("run.lock")).doesNotExist();
    }

    // --- what cannot work leaves nothing behind

    @Test
    void f13_anImpossibleCompositionIsRefusedBeforeAnythingIsMade() throws Exception {
        Path text = Cli.text(folder);
        String[][] impossible = {
            {"--model.heads=3", "--model.dim=15", "--model.position=rope"},
            {"--model.heads=2", "--model.dim=6", "--model.position=yarn"},
            {"--model.heads=2", "--model.dim=6", "--model.position=dca"},
            {"--model.heads=3", "--model.dim=16"},
            {"--model.heads=4", "--model.dim=16", "--model.attention=gqa", "--model.kvHeads=3"},
            {"--model.attention=bigbird", "--model.block=3"},
            {"--model.attention=s2", "--model.group=5"},
            {"--model.feedForward=mixtral", "--model.experts=2", "--model.topK=3"},
            {"--model.feedForward=mixtral", "--train.checkpointing"},
            {"--model.cache=rolling"},
            {"--model.layers=2147483647"},
            {"--train.patience=2", "--train.evalEvery=0"},
            {"--train.batchSize=2000000000", "--model.context=2000000000"},
            {"--train.batchSize=2000000", "--model.context=64"}
        };
        for (String[] parts : impossible) {
            Path run = folder.resolve("a/run");
            List<String> arguments =
                    new ArrayList<>(List.of("train", "--data", text.toString(), "--out", run.toString()));
            arguments.addAll(List.of(parts));
            Cli told = Cli.run(arguments.toArray(String[]::new));
            assertThat(told.code()).as("%s: %s", List.of(parts), told.err()).isEqualTo(2);
            assertThat(told.err().lines()).hasSize(1);
            assertThat(folder.resolve("a")).doesNotExist();
        }
    }

    @Test
    void f13_aRunThatIsToBeReplacedStaysUntilItsSuccessorCanBegin() throws Exception {
        Path run = run();
        byte[] weights = Files.readAllBytes(run.resolve("model.safetensors"));
        Path few = Files.writeString(folder.resolve("few.txt"), "too short");
        Cli.train(few, run, "--overwrite").assertOneLine(1, "few.txt", "training part");
        Cli.train(folder.resolve("none.txt"), run, "--overwrite").assertOneLine(1, "does not exist");
        Cli.train(Cli.text(folder), run, "--overwrite", "--model.vocabSize=3").assertRefused("--model.vocabSize");
        assertThat(Files.readAllBytes(run.resolve("model.safetensors"))).isEqualTo(weights);
        assertThat(run.resolve("checkpoints")).isNotEmptyDirectory();
    }
}
