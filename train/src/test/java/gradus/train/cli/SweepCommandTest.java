package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.train.run.RunLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepCommandTest {
    private static final String BASE =
            "\"base\": {\"preset\": \"char-tiny\", \"data\": \"%s\", \"model\": {\"layers\": 1,"
                    + " \"heads\": 2, \"dim\": 16, \"context\": 8}, \"train\": {\"steps\": 4, \"batchSize\": 2, \"warmup\": 0}}";

    @TempDir
    Path folder;

    private Path out;
    private String base;

    @BeforeEach
    void text() throws Exception {
        out = folder.resolve("out");
        base = BASE.formatted(Cli.text(folder));
    }

    private Cli sweep(String rest, String... more) throws Exception {
        Path file = Files.writeString(folder.resolve("s.json"), "{" + base + ", " + rest + "}");
        return Cli.run(Stream.concat(Stream.of("sweep", file.toString(), "--out", out.toString()), Stream.of(more))
                .toArray(String[]::new));
    }

    private void assertNothingWasMade() {
        assertThat(out).doesNotExist();
    }

    @Test
    void aFieldThatDoesNotExistIsNamedWithTheNearest() throws Exception {
        sweep("\"grid\": {\"model.nrom\": [\"rmsnorm\"]}")
                .assertRefused("s.json: nrom=rmsnorm", "unknown option --model.nrom; did you mean --model.norm?");
        sweep("\"grid\": {\"model.norm\": [\"rmsnrom\"]}").assertRefused("s.json: norm=rmsnrom", "rmsnorm");
        sweep("\"grid\": {\"train.lr\": [\"fast\"]}").assertRefused("s.json: lr=fast", "--train.lr");
        sweep("\"grid\": {\"train.lr\": [0.1, -1]}").assertRefused("s.json: lr=-1", "lr must be");
        base = base.replace("\"layers\"", "\"layer\"");
        sweep("\"seeds\": [1]")
                .assertRefused("s.json: base, seed 1: base: ", "there is no model.layer; did you mean layers?");
        assertNothingWasMade();
    }

    @Test
    void whatIsTrainedTwiceIsRefused() throws Exception {
        sweep("\"list\": [{\"train.lr\": 1e-3}, {\"train.lr\": \"0.0010\"}]")
                .assertRefused("lr=0.001 and lr=0.0010 are the same training");
        sweep("\"list\": [{}, {\"model.norm\": \"layernorm\"}]")
                .assertRefused("base and norm=layernorm are the same training");
        assertNothingWasMade();
    }

    @Test
    void modelsThatCannotBeAreRefusedBeforeAnyTraining() throws Exception {
        sweep("\"grid\": {\"model.heads\": [2, 3]}").assertRefused("s.json: heads=3", "dim must be divisible by heads");
        assertNothingWasMade();
    }

    @Test
    void aDryRunTellsAndTrainsNothing() throws Exception {
        Cli told = sweep("\"grid\": {\"train.lr\": [0.1, 0.2]}, \"seeds\": [1, 2]", "--dry-run");
        assertThat(told.code()).isZero();
        assertThat(told.out().lines())
                .containsExactly("lr=0.1, seed 1", "lr=0.1, seed 2", "lr=0.2, seed 1", "lr=0.2, seed 2");
        assertNothingWasMade();
    }

    @Test
    void aFolderOfAnotherSweepIsRefused() throws Exception {
        Files.createDirectories(out);
        Files.writeString(out.resolve("sweep.json"), "{\"threads\": 1, \"sweep\": {\"seeds\": [9]}}");
        sweep("\"seeds\": [1]").assertRefused("holds the sweep of another file");
        Files.delete(out.resolve("sweep.json"));
        Files.writeString(out.resolve("notes.txt"), "mine");
        sweep("\"seeds\": [1]").assertRefused("is not empty and holds no sweep");
        assertThat(out.resolve("notes.txt")).hasContent("mine");
    }

    @Test
    void twoSweepsInOneFolderAreRefused() throws Exception {
        Files.createDirectories(out);
        try (RunLock other = RunLock.take(out)) {
            sweep("\"seeds\": [1]").assertFailed("out: process", "is training there");
        }
        assertThat(out.resolve("cells")).doesNotExist();
    }

    @Test
    void parallelIsAtLeastOne() throws Exception {
        sweep("\"seeds\": [1]", "--parallel", "0").assertRefused("--parallel must be at least 1");
    }

    /// One cell's tokens are more than its vocabulary, which shows in its data alone.
    @Test
    void aCellThatFailsKeepsNoOtherFromBeingTrained() throws Exception {
        String cells = "\"list\": [{\"model.vocabSize\": 3}, {\"train.lr\": 0.01}]";
        Cli told = sweep(cells, "--parallel", "1");
        assertThat(told.code()).isEqualTo(1);
        assertThat(told.err()).contains("1 of 2, vocabSize=3: failed: --model.vocabSize is 3", "2 of 2, lr=0.01: val");
        List<String> table = told.out().lines().toList();
        assertThat(table.get(2)).matches("\\| 3 +\\| +\\| –.*\\| 0 of 1 \\|");
        assertThat(table.get(3)).matches("\\| +\\| 0.01 +\\| \\d\\.\\d{4} .*\\| 1 +\\|");
        assertThat(out.resolve("table.md")).hasContent(told.out());
        assertThat(Files.readAllLines(out.resolve("table.csv"))).hasSize(3);
        assertThat(out.resolve("logs/vocabSize=3.txt")).content().contains("--model.vocabSize is 3");

        Cli again = sweep(cells, "--parallel", "1");
        assertThat(again.err())
                .contains("2 trainings, of which 1 are done", "vocabSize=3: failed")
                .doesNotContain("lr=");
        assertThat(again.out()).isEqualTo(told.out());
    }

    /// Killed while its second cell trains, with all that it began: the first is not trained again, and the second goes
    /// on after its checkpoint.
    @Test
    void aKilledSweepComesToTheSameTable() throws Exception {
        String cells = "\"grid\": {\"train.lr\": [0.01, 0.02]}";
        base = base.replace("\"steps\": 4", "\"steps\": 400, \"checkpointEvery\": 50");
        String whole = sweep(cells, "--parallel", "1").out(); // so that all have as many threads
        out = folder.resolve("killed");
        Process process = Cli.process(
                        PseudoTerminal.QUICK_START,
                        Main.class.getName(),
                        "sweep",
                        folder.resolve("s.json").toString(),
                        "--out",
                        out.toString(),
                        "--parallel",
                        "1")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said.txt").toFile())
                .start();
        Path second = out.resolve("cells/lr=0.02");
        while (process.isAlive() && !hasCheckpoint(second)) {
            Thread.sleep(20);
        }
        List<ProcessHandle> children = process.toHandle().children().toList();
        process.destroyForcibly().waitFor();
        for (ProcessHandle child : children) {
            child.onExit().get(); // nobody waits for it any more, so it ends by itself
        }
        assertThat(second.resolve("model.safetensors")).doesNotExist();
        Cli last = sweep(cells, "--parallel", "1");
        assertThat(last.err()).contains("2 trainings, of which 1 are done");
        assertThat(last.code()).isZero();
        assertThat(last.out()).isEqualTo(whole);
    }

    private static boolean hasCheckpoint(Path run) throws Exception {
        Path checkpoints = run.resolve("checkpoints");
        if (!Files.isDirectory(checkpoints)) {
            return false;
        }
        try (Stream<Path> all = Files.list(checkpoints)) {
            return all.findAny().isPresent();
        }
    }
}
