package gradus.train;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.error.DataException;
import gradus.error.Printable;
import gradus.train.checkpoint.TrainingProgress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Decides whether a checkpoint belongs to a training: whether settings and data are the same.
///
/// Settings are compared as texts, `TrainConfig[steps=6, batchSize=12, …]`. Earlier versions of the library
/// had fewer settings: a setting that a checkpoint does not contain had its default value. A training with an
/// optimiser and a schedule of your own has only the settings of the loop, `LoopConfig[steps=6, …]`; earlier
/// versions wrote the others too, although they had no effect.
///
/// @param settings the settings of the training
/// @param data     the fingerprint of the task's data, and what it was in earlier versions
/// @param steps    how many steps the training is to have
record TrainingIdentity(String settings, List<String> data, int steps) {
    private static final String WHOLE = "TrainConfig";
    private static final String LOOP = "LoopConfig";

    /// @param checkpoint the folder that the progress was read from
    /// @throws DataException               if the data has changed
    /// @throws CheckpointMismatchException if a setting has changed
    /// @throws CorruptCheckpointException  if no training could have written this progress
    void require(Path checkpoint, TrainingProgress progress) {
        if (!data.contains(progress.data())) {
            throw new DataException("%s: the data has changed since the checkpoint at step %s: its tokens are not those"
                            .formatted(checkpoint, progress.step())
                    + " that the training began with; give it the same data, or start anew");
        }
        if (!hasSettings(progress.config())) {
            throw new CheckpointMismatchException(
                    "%s: the checkpoint at step %s is of a training with other settings: %s"
                            .formatted(checkpoint, progress.step(), difference(progress.config())));
        }
        if (progress.step() > steps || progress.skippedInARow() >= Trainer.MOST_SKIPS) {
            throw new CorruptCheckpointException("%s: the checkpoint tells of step %s of %s and of %s skipped in a row"
                    .formatted(checkpoint, progress.step(), steps, progress.skippedInARow()));
        }
    }

    /// The settings that have changed, or all settings if they cannot be compared one by one.
    private String difference(String told) {
        Map<String, String> now = fields(settings);
        Map<String, String> then = fields(told);
        String differing = now.entrySet().stream()
                .filter(field -> then.containsKey(field.getKey())
                        && !then.get(field.getKey()).equals(field.getValue()))
                .map(field -> "%s was %s and is %s"
                        .formatted(field.getKey(), Printable.value(then.get(field.getKey())), field.getValue()))
                .collect(Collectors.joining(", "));
        return differing.isEmpty() ? "they were " + told + " and are " + settings : differing;
    }

    /// Whether the settings of a checkpoint are the same as these.
    boolean hasSettings(String told) {
        if (told.equals(settings)) {
            return true;
        }
        Map<String, String> now = fields(settings);
        Map<String, String> then = fields(told);
        if (head(settings).equals(LOOP) && head(told).equals(WHOLE)) {
            then.keySet().retainAll(now.keySet());
        } else if (!head(told).equals(head(settings))) {
            return false;
        }
        if (then.isEmpty() || !now.keySet().containsAll(then.keySet())) {
            return false;
        }
        Map<String, String> byDefault = fields(TrainConfig.defaults().toString());
        return now.entrySet().stream()
                .allMatch(field ->
                        field.getValue().equals(then.getOrDefault(field.getKey(), byDefault.get(field.getKey()))));
    }

    private static String head(String text) {
        return text.substring(0, Math.max(0, text.indexOf('[')));
    }

    private static Map<String, String> fields(String text) {
        Map<String, String> fields = new LinkedHashMap<>();
        int open = text.indexOf('[');
        if (open >= 0 && text.endsWith("]")) {
            for (String field : text.substring(open + 1, text.length() - 1).split(", ")) {
                int equals = field.indexOf('=');
                fields.put(field.substring(0, Math.max(0, equals)), field.substring(equals + 1));
            }
        }
        return fields;
    }
}
