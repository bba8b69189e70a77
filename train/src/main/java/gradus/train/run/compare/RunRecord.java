package gradus.train.run.compare;

import gradus.error.UsageException;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.run.RunFolder;
import gradus.train.run.RunLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the folder of a run tells: one of `gradus train`, `finetune` or `align`, finished or not.
///
/// @param name     as tables have it
/// @param settings every setting by its full name, as `model.layers` or `train.lr`, without where and when the
///     run was made
/// @param writing  whether a process trains there now
public record RunRecord(
        RunFolder folder, String name, SequencedMap<String, String> settings, MetricsFile metrics, boolean writing) {
    /// What gives a run its random numbers; runs that differ in nothing else are repetitions.
    static final String SEED = "train.seed";

    private static final String MADE = "made";
    private static final String VERSION = "version";
    private static final String OPTIONS = "options"; // of fine-tuning, as --base=…

    /// Reads a run's folder.
    ///
    /// @throws UsageException if it holds none
    /// @throws gradus.error.CorruptCheckpointException if its config.json is none
    public static RunRecord open(Path path) {
        return open(path, path.toString());
    }

    /// Reads several, which are named by what is not the same in all their paths.
    ///
    /// @throws UsageException if one holds no run
    public static List<RunRecord> open(List<Path> paths) {
        Path common = paths.getFirst().toAbsolutePath().normalize().getParent();
        for (Path path : paths) {
            while (common != null && !path.toAbsolutePath().normalize().startsWith(common)) {
                common = common.getParent();
            }
        }
        Path parent = common;
        return paths.size() == 1 || parent == null
                ? paths.stream().map(RunRecord::open).toList()
                : paths.stream()
                        .map(path -> open(
                                path,
                                parent.relativize(path.toAbsolutePath().normalize())
                                        .toString()))
                        .toList();
    }

    private static RunRecord open(Path path, String name) {
        RunFolder folder = new RunFolder(path);
        for (Path needed : List.of(folder.config(), folder.metrics())) {
            if (!Files.isRegularFile(needed)) {
                throw new UsageException(path + " holds no run: " + needed.getFileName() + " is missing");
            }
        }
        boolean writing = RunLock.isTaken(path);
        SequencedMap<String, String> settings = new LinkedHashMap<>();
        ObjectNode config = CheckpointJson.read(folder.config());
        config.properties().stream()
                .filter(each -> !each.getKey().equals(MADE) && !each.getKey().equals(VERSION))
                .forEach(each -> put(settings, each.getKey(), each.getValue()));
        return new RunRecord(folder, name, settings, MetricsFile.read(folder.metrics()), writing);
    }

    /// Objects are taken apart; a list of texts such as `--base=…` too, by their names.
    private static void put(SequencedMap<String, String> settings, String name, JsonNode value) {
        if (value.isObject()) {
            value.properties().forEach(each -> put(settings, name + "." + each.getKey(), each.getValue()));
        } else if (name.equals(OPTIONS) && value.isArray()) {
            value.forEach(option -> {
                String[] parts = option.asString("").replaceFirst("^--", "").split("=", 2);
                settings.put(parts[0], parts.length > 1 ? parts[1] : "true");
            });
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                put(settings, value.size() == 1 ? name : name + "." + (i + 1), value.get(i));
            }
        } else if (!value.isNull()) {
            settings.put(name, value.asString(""));
        }
    }

    /// The same, of which the process that holds the folder knows that it writes nothing more.
    public RunRecord ended() {
        return new RunRecord(folder, name, settings, metrics, false);
    }

    /// The seed that the random numbers come from; empty where the run tells none.
    public Optional<String> seed() {
        return Optional.ofNullable(settings.get(SEED));
    }

    /// The settings without the seed: repetitions of one run have the same.
    Map<String, String> repeated() {
        Map<String, String> same = new LinkedHashMap<>(settings);
        same.remove(SEED);
        return same;
    }

    /// What tells tokenizers apart, so that losses of a token can be compared; empty where the run tells none.
    Optional<String> vocabulary() {
        return Optional.ofNullable(settings.get("data.tokenizer"));
    }

    /// The steps that were asked for; empty where the run does not tell.
    Optional<Integer> steps() {
        String steps = settings.get("train.steps");
        return steps != null && steps.matches("\\d{1,9}") ? Optional.of(Integer.valueOf(steps)) : Optional.empty();
    }

    /// The last step that was logged; 0 for none.
    public int lastStep() {
        return metrics.steps().isEmpty() ? 0 : metrics.steps().getLast().step();
    }

    /// What is not as it is with a finished run, in a few words.
    public Optional<String> unfinished() {
        String at =
                steps().map(all -> " after step " + lastStep() + " of " + all).orElse("");
        if (writing) {
            return Optional.of("still being written" + at);
        }
        return steps().filter(all -> lastStep() < all).map(all -> "ended" + at);
    }

    /// The last evaluation.
    Optional<MetricsFile.Row> evaluation() {
        return metrics.evaluations().isEmpty()
                ? Optional.empty()
                : Optional.of(metrics.evaluations().getLast());
    }

    /// The names of the numbers that any of several runs has logged, in the order of the alphabet.
    public static SortedSet<String> logged(List<RunRecord> runs) {
        SortedSet<String> names = new TreeSet<>();
        runs.forEach(run ->
                run.metrics().steps().forEach(row -> names.addAll(row.numbers().keySet())));
        return names;
    }

    /// What the run has come to in a measure; NaN if it has none.
    public double result(Measure measure) {
        return measure.of(this);
    }
}
