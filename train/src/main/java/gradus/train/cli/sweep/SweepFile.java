package gradus.train.cli.sweep;

import gradus.error.CorruptCheckpointException;
import gradus.error.DataException;
import gradus.error.UsageException;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.run.Nearest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What to train, in JSON:
/// ```
/// {
///   "base": {"preset": "char-tiny", "data": "my.txt", "train": {"steps": 300}},
///   "grid": {"model.norm": ["layernorm", "rmsnorm"], "train.lr": [1e-3, 3e-3]},
///   "list": [{"model.attention": "mha"}, {"model.attention": "gqa", "model.kvHeads": 1}],
///   "seeds": [1, 2, 3]
/// }
/// ```
/// All have the settings of `base`, which is what `gradus train --config` takes. Each setting of `grid` takes
/// each of its values, in all combinations, and each combination goes with each entry of `list`; names are
/// those of the options of `gradus train`. Every one of these is trained with every seed. What is left out
/// changes nothing.
///
/// @param root the whole file
/// @param base the settings of all; empty for none
public record SweepFile(
        Path file,
        ObjectNode root,
        ObjectNode base,
        SequencedMap<String, List<String>> grid,
        List<SequencedMap<String, String>> list,
        List<Long> seeds) {
    private static final Set<String> KNOWN = Set.of("base", "grid", "list", "seeds");

    /// Options of `gradus train` that say where and how, and not what.
    private static final Set<String> NO_SETTINGS =
            Set.of("out", "overwrite", "report", "resume", "seeds", "seed", "train.seed", "config", "help", "version");

    private static final int MOST = 100_000;

    /// @throws UsageException if it is no such file
    public static SweepFile read(Path file) {
        try {
            ObjectNode root = CheckpointJson.read(file);
            for (String name : root.propertyNames()) {
                if (!KNOWN.contains(name)) {
                    throw wrong(file, "there is no %s; a sweep has base, grid, list and seeds%s", name, meant(name));
                }
            }
            JsonNode base = root.path("base");
            if (!base.isMissingNode() && !base.isObject()) {
                throw wrong(file, "base must be an object, as gradus train --config takes it; got %s", base);
            }
            return new SweepFile(
                    file,
                    root,
                    base.isObject() ? (ObjectNode) base : CheckpointJson.object(),
                    grid(file, root.path("grid")),
                    list(file, root.path("list")),
                    seeds(file, root.path("seeds")));
        } catch (CorruptCheckpointException | DataException unreadable) {
            throw new UsageException(unreadable.getMessage(), unreadable);
        }
    }

    private static String meant(String name) {
        return Nearest.to(name, KNOWN)
                .map(near -> "; did you mean " + near + "?")
                .orElse("");
    }

    private static SequencedMap<String, List<String>> grid(Path file, JsonNode node) {
        SequencedMap<String, List<String>> grid = new LinkedHashMap<>();
        if (node.isMissingNode()) {
            return grid;
        }
        if (!node.isObject()) {
            throw wrong(file, "grid must be an object of lists; got %s", node);
        }
        for (Map.Entry<String, JsonNode> each : node.properties()) {
            String name = setting(file, each.getKey());
            if (!each.getValue().isArray() || each.getValue().isEmpty()) {
                throw wrong(file, "grid: %s must be a list of values; got %s", name, each.getValue());
            }
            List<String> values = new ArrayList<>();
            for (JsonNode value : each.getValue()) {
                values.add(value(file, name, value));
            }
            if (new LinkedHashSet<>(values).size() < values.size()) {
                throw wrong(file, "grid: %s has a value twice: %s", name, each.getValue());
            }
            grid.put(name, values);
        }
        return grid;
    }

    private static List<SequencedMap<String, String>> list(Path file, JsonNode node) {
        List<SequencedMap<String, String>> list = new ArrayList<>();
        if (!node.isMissingNode() && (!node.isArray() || node.isEmpty())) {
            throw wrong(file, "list must be a list of objects; got %s", node);
        }
        for (JsonNode each : node) {
            if (!each.isObject()) {
                throw wrong(file, "list must be a list of objects; got %s", each);
            }
            SequencedMap<String, String> entry = new LinkedHashMap<>();
            each.properties().forEach(setting -> {
                String name = setting(file, setting.getKey());
                entry.put(name, value(file, name, setting.getValue()));
            });
            list.add(entry);
        }
        return list;
    }

    private static List<Long> seeds(Path file, JsonNode node) {
        List<Long> seeds = new ArrayList<>();
        if (!node.isMissingNode() && (!node.isArray() || node.isEmpty())) {
            throw wrong(file, "seeds must be a list of whole numbers; got %s", node);
        }
        for (JsonNode each : node) {
            if (!each.isIntegralNumber() || !each.canConvertToLong()) {
                throw wrong(file, "seeds must be whole numbers; got %s", each);
            }
            if (seeds.contains(each.longValue())) {
                throw wrong(file, "seeds has %s twice", each);
            }
            seeds.add(each.longValue());
        }
        return seeds;
    }

    private static String setting(Path file, String given) {
        String name = given.replaceFirst("^--", "");
        if (name.isBlank() || NO_SETTINGS.contains(name)) {
            throw wrong(
                    file,
                    "%s is no setting of a training%s",
                    name.isBlank() ? "an empty name" : name,
                    name.endsWith("seed") ? "; seeds stands beside grid and list" : "");
        }
        return name;
    }

    private static String value(Path file, String name, JsonNode value) {
        if (!value.isValueNode() || value.isNull()) {
            throw wrong(file, "%s must be a number, a text, true or false; got %s", name, value);
        }
        return value.asString("");
    }

    private static UsageException wrong(Path file, String message, Object... values) {
        return new UsageException(file + ": " + String.format(Locale.ROOT, message, values));
    }

    /// Everything to train, the seeds of one cell side by side.
    ///
    /// @throws UsageException if a setting is in grid and list, or there are too many
    public List<Cell> cells() {
        List<SequencedMap<String, String>> all =
                new ArrayList<>(list.isEmpty() ? List.of(new LinkedHashMap<>()) : list);
        for (Map.Entry<String, List<String>> each : grid.sequencedEntrySet()) {
            List<SequencedMap<String, String>> more = new ArrayList<>();
            for (SequencedMap<String, String> before : all) {
                if (before.containsKey(each.getKey())) {
                    throw wrong(file, "%s is in grid and in list", each.getKey());
                }
                if (more.size() > MOST) {
                    throw wrong(file, "there are more than %s combinations", MOST);
                }
                each.getValue().forEach(value -> {
                    SequencedMap<String, String> one = new LinkedHashMap<>(before);
                    one.put(each.getKey(), value);
                    more.add(one);
                });
            }
            all = more;
        }
        return CellNames.named(all).entrySet().stream()
                .flatMap(each -> seeds.isEmpty()
                        ? Stream.of(new Cell(each.getKey(), each.getValue(), null))
                        : seeds.stream().map(seed -> new Cell(each.getKey(), each.getValue(), seed)))
                .toList();
    }

    /// The names of all settings that differ between cells, in the order of the file.
    public List<String> settings() {
        Set<String> names = new LinkedHashSet<>();
        list.forEach(entry -> names.addAll(entry.keySet()));
        names.addAll(grid.keySet());
        return List.copyOf(names);
    }
}
