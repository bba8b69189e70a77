package gradus.train.run.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ResourceException;
import gradus.train.EndReason;
import gradus.train.StepReport;
import gradus.train.cli.Cli;
import gradus.train.run.compare.MetricsFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardTest {
    @TempDir
    Path place;

    private Cli train(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("train"));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray(String[]::new));
    }

    private String[] small(String... more) throws Exception {
        List<String> all = new ArrayList<>(List.of(
                "--preset=char-tiny",
                "--model.layers=1",
                "--model.heads=2",
                "--model.dim=8",
                "--model.context=8",
                "--train.batchSize=2",
                "--train.evalEvery=2",
                "--steps=4",
                "--out=" + place.resolve("run"),
                "--data=" + Cli.text(place)));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static List<Path> files(Path folder) throws Exception {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        }
    }

    /// The bytes are those that `RecordWriter` and `Event` of TensorBoard 2.21 give.
    @Test
    void theFirstRecordIsTheVersion() throws Exception {
        Path file = place.resolve("events");
        new EventFile(file, 1.5).close();
        assertThat(HexFormat.of().formatHex(Files.readAllBytes(file)))
                .isEqualTo("1800000000000000a37f4b22"
                        + "09000000000000f83f" // wall_time 1.5
                        + "1a0d627261696e2e4576656e743a32" // file_version brain.Event:2
                        + "2a28646c");
        assertThat(Events.read(file)).containsExactly(new Events.Event(1.5, 0, "brain.Event:2", Map.of(), 0));
    }

    @Test
    void numbersComeBack() throws Exception {
        Path file = place.resolve("events");
        try (EventFile events = new EventFile(file, 1)) {
            events.start(2, 7);
            events.scalars(3, 7, new TreeMap<>(Map.of("loss", 0.1, "höhe", Double.NaN)));
            events.scalars(4, 1L << 40, Map.of("x", -1e300));
        }
        List<Events.Event> read = Events.read(file);
        assertThat(read.subList(1, 4))
                .containsExactly(
                        new Events.Event(2, 7, null, Map.of(), 1),
                        new Events.Event(3, 7, null, Map.of("loss", 0.1f, "höhe", Float.NaN), 0),
                        new Events.Event(4, 1L << 40, null, Map.of("x", Float.NEGATIVE_INFINITY), 0));
    }

    @Test
    void aFileThatIsThereIsNotWrittenOver() throws Exception {
        Path file = Files.writeString(place.resolve("events"), "mine");
        assertThatThrownBy(() -> new EventFile(file, 1))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("events");
        assertThat(file).hasContent("mine");
    }

    /// What TensorBoard shows is what metrics.jsonl has.
    @Test
    void aTrainingWritesItsMetrics() throws Exception {
        Cli ended = train(small("--tensorboard"));
        assertThat(ended.code()).as(ended.err()).isZero();
        Path run = place.resolve("run");
        List<Path> files = files(run.resolve("tensorboard"));
        assertThat(files).hasSize(1);
        assertThat(files.getFirst().getFileName().toString()).startsWith("events.out.tfevents.");
        MetricsFile metrics = MetricsFile.read(run.resolve("metrics.jsonl"));
        Map<String, Float> expected = new LinkedHashMap<>();
        metrics.steps().forEach(row -> {
            for (String name : List.of("loss", "lr", "gradNorm", "tokensPerSecond")) {
                expected.put(row.step() + name, (float) row.number(name));
            }
        });
        metrics.evaluations()
                .forEach(row -> expected.put(row.step() + "validationLoss", (float) row.number("validationLoss")));
        Map<String, Float> found = new LinkedHashMap<>();
        Events.read(files.getFirst())
                .forEach(event -> event.numbers().forEach((name, value) -> found.put(event.step() + name, value)));
        assertThat(found).containsExactlyInAnyOrderEntriesOf(expected);
    }

    /// A training that goes on says from where: at that step TensorBoard forgets what came later in the file before.
    @Test
    void goingOnBeginsAFileThatSaysFromWhere() throws Exception {
        assertThat(train(small("--tensorboard", "--train.checkpointEvery=2")).code())
                .isZero();
        Path run = place.resolve("run");
        List<Path> before = files(run.resolve("tensorboard"));
        try (Stream<Path> checkpoints = Files.list(run.resolve("checkpoints"))) {
            for (Path last : checkpoints.filter(name -> name.endsWith("step-4")).toList()) {
                remove(last);
            }
        }
        Cli again = train("--resume=" + run, "--tensorboard");
        assertThat(again.code()).as(again.err()).isZero();
        List<Path> added = new ArrayList<>(files(run.resolve("tensorboard")));
        added.removeAll(before);
        assertThat(added).hasSize(1);
        List<Events.Event> events = Events.read(added.getFirst());
        assertThat(events.get(1).sessions()).isEqualTo(1);
        assertThat(events.get(1).step()).isEqualTo(3);
        assertThat(events.get(2).step()).isEqualTo(3);
    }

    private static void remove(Path all) throws Exception {
        try (Stream<Path> walk = Files.walk(all)) {
            for (Path each : walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    @Test
    void replacingARunRemovesItsEvents() throws Exception {
        assertThat(train(small("--tensorboard")).code()).isZero();
        assertThat(train(small("--overwrite")).code()).isZero();
        assertThat(place.resolve("run").resolve("tensorboard")).doesNotExist();
    }

    /// A folder that cannot be made ends the events, with one line, and nothing else.
    @Test
    void whatCannotBeWrittenIsToldOnce() throws Exception {
        Path file = Files.writeString(place.resolve("file"), "");
        List<String> said = new ArrayList<>();
        try (TensorBoard board = new TensorBoard(file.resolve("tensorboard"), said::add)) {
            board.onStep(new StepReport(1, 1, 1, 1, 1, false, new LinkedHashMap<>()));
            board.onStep(new StepReport(2, 1, 1, 1, 1, false, new LinkedHashMap<>()));
            board.onEnd(EndReason.COMPLETED);
        }
        assertThat(said).singleElement().asString().startsWith("TensorBoard's events end here: ");
    }

    /// Two that begin in one second have names of their own.
    @Test
    void filesHaveNamesOfTheirOwn() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (TensorBoard board = new TensorBoard(place, said -> {
                throw new AssertionError(said);
            })) {
                board.onStep(new StepReport(1, 1, 1, 1, 1, false, new LinkedHashMap<>()));
            }
        }
        assertThat(files(place)).hasSize(3);
    }
}
