package gradus.train.run;

import gradus.error.CorruptCheckpointException;
import gradus.error.DataException;
import gradus.error.GradusException;
import gradus.error.UsageException;
import gradus.layers.model.config.GptConfig;
import gradus.train.TrainConfig;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.task.ContrastiveConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Where the settings of a run start, before the options of the command line: a preset, and what a file
/// changes of it. The file may be a run's config.json, or hold only some of its fields:
/// ```
/// {"preset": "char-small", "data": ["a.txt", "b.txt"], "model": {"layers": 6}, "train": {"lr": 3e-4}}
/// ```
///
/// @param bpe               tokens of the BPE or WordPiece to make; 0 for characters
/// @param task              what is learnt
/// @param contrastive       how vectors are compared; null unless that is learnt
/// @param vocabularyGiven   whether the model's vocabulary is not to follow the data
/// @param data              what `--data` would be; null for its default
/// @param documentSeparator the control token between documents; null if there is none
public record Settings(
        String preset,
        int bpe,
        RunTask task,
        GptConfig model,
        TrainConfig train,
        ContrastiveConfig contrastive,
        boolean vocabularyGiven,
        List<String> data,
        String documentSeparator) {
    private static final Set<String> KNOWN =
            Set.of("version", "preset", "data", "documentSeparator", "model", "train", "task", "contrastive", "made");

    /// @param preset named on the command line, or null
    /// @param task   named on the command line, or null
    /// @param file   or null
    /// @throws UsageException if the file names what does not exist, or the task is another one
    public static Settings of(Preset preset, RunTask task, Path file) {
        try {
            Preset start = preset == null && task != null && file == null ? Preset.of(task) : preset;
            Settings settings = file == null ? of(start == null ? Preset.CHAR_SMALL : start) : read(start, file);
            if (task != null && task != settings.task) {
                throw new UsageException("--task %s does not go with the settings of %s, which are for --task %s"
                        .formatted(task, settings.preset, settings.task));
            }
            return settings;
        } catch (CorruptCheckpointException | DataException wrong) {
            throw new UsageException("--config: " + wrong.getMessage(), wrong);
        }
    }

    private static Settings of(Preset preset) {
        return new Settings(
                preset.name(),
                preset.bpe(),
                preset.task(),
                preset.model(),
                preset.train(),
                preset.task() == RunTask.CONTRASTIVE ? ContrastiveConfig.USUAL : null,
                false,
                null,
                null);
    }

    private static Settings read(Preset preset, Path file) {
        ObjectNode root = CheckpointJson.read(file);
        root.propertyNames().stream()
                .filter(name -> !KNOWN.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new CorruptCheckpointException("%s: there is no %s%s"
                            .formatted(
                                    file,
                                    name,
                                    Nearest.to(name, KNOWN)
                                            .map(near -> "; did you mean " + near + "?")
                                            .orElse("")));
                });
        Settings start = of(preset != null ? preset : named(file, root.path("preset")));
        JsonNode task = root.path("task");
        if (!task.isMissingNode() && !task.asString("").equalsIgnoreCase(start.task.name())) {
            throw new CorruptCheckpointException(
                    "%s: task is %s; the preset %s is for task %s".formatted(file, task, start.preset, start.task));
        }
        GptConfig model = merged(file, root, "model", start.model());
        JsonNode data = root.path("data");
        boolean followsData = model.vocabSize() == data.path("vocabulary").asInt(-1)
                || !root.path("model").has("vocabSize");
        return new Settings(
                start.preset(),
                start.bpe(),
                start.task(),
                model,
                merged(file, root, "train", start.train()),
                start.contrastive() == null ? null : merged(file, root, "contrastive", start.contrastive()),
                !followsData,
                names(file, data),
                separator(root.path("documentSeparator"), data.path("documentSeparator")));
    }

    private static Preset named(Path file, JsonNode preset) {
        if (preset.isMissingNode()) {
            return Preset.CHAR_SMALL;
        }
        return Preset.named(preset.asString(""))
                .orElseThrow(() -> new CorruptCheckpointException(
                        "%s: there is no preset %s; there are %s".formatted(file, preset, Preset.names())));
    }

    private static <R extends Record> R merged(Path file, ObjectNode root, String name, R start) {
        JsonNode given = root.path(name);
        if (given.isMissingNode()) {
            return start;
        }
        if (!(given instanceof ObjectNode changes)) {
            throw new CorruptCheckpointException("%s: %s must be an object; got %s".formatted(file, name, given));
        }
        JsonMapper json = RunConfig.json();
        ObjectNode whole = json.valueToTree(start);
        changes.properties()
                .forEach(field -> whole.set(field.getKey(), part(whole.get(field.getKey()), field.getValue())));
        new ConfigTree(file, true).check(whole, start.getClass(), name);
        try {
            @SuppressWarnings("unchecked")
            R merged = (R) json.treeToValue(whole, start.getClass());
            return merged;
        } catch (JacksonException e) {
            throw new CorruptCheckpointException(
                    file + ": "
                            + (e.getCause() instanceof GradusException refused
                                    ? refused.getMessage()
                                    : e.getOriginalMessage()),
                    e);
        } catch (GradusException refused) {
            throw new CorruptCheckpointException(file + ": " + refused.getMessage(), refused);
        }
    }

    /// A part by its name alone or with some of its settings keeps its other ones.
    private static JsonNode part(JsonNode before, JsonNode given) {
        if (!(given instanceof ObjectNode part) || !part.path("name").isString()) {
            return given;
        }
        String name = part.path("name").stringValue();
        ObjectNode whole = before instanceof ObjectNode same
                        && same.path("name").asString("").equals(name)
                ? same.deepCopy()
                : Components.ALL.stream()
                        .filter(each -> each.name().equals(name))
                        .findFirst()
                        .<ObjectNode>map(each -> RunConfig.json().valueToTree(each.defaults()))
                        .orElse(RunConfig.json().createObjectNode());
        whole.setAll(part);
        return whole;
    }

    private static List<String> names(Path file, JsonNode data) {
        if (data.isMissingNode()) {
            return null;
        }
        List<String> names = new ArrayList<>();
        if (data.isString()) {
            names.add(data.stringValue());
        } else if (data.isArray()) {
            data.forEach(each -> names.add(each.asString("")));
        } else if (data.path("files").isArray() && !data.path("files").isEmpty()) {
            data.path("files").forEach(each -> names.add(each.path("path").asString("")));
        } else if (data.path("name").isString()) {
            names.add(data.path("name").stringValue());
        } else {
            throw new CorruptCheckpointException(
                    "%s: data must be a file's name, a list of them or a run's data; got %s".formatted(file, data));
        }
        return names;
    }

    private static String separator(JsonNode own, JsonNode ofData) {
        return own.isString() ? own.stringValue() : ofData.isString() ? ofData.stringValue() : null;
    }
}
