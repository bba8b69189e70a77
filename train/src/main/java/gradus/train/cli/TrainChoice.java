package gradus.train.cli;

import gradus.error.ConfigException;
import gradus.error.UsageException;
import gradus.layers.model.config.GptConfig;
import gradus.train.TrainConfig;
import gradus.train.run.ConfigFields;
import gradus.train.run.EncoderSize;
import gradus.train.run.RunTask;
import gradus.train.run.Settings;
import gradus.train.task.ContrastiveConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// What a command line asks for, before the data is looked at.
///
/// @param compared  how vectors are compared; null unless that is learnt
/// @param data      what the model learns from
/// @param tokenizer the folder of the tokenizer; null for one that is made
/// @param separator between documents; null if there is none
record TrainChoice(
        Settings start,
        GptConfig model,
        TrainConfig train,
        ContrastiveConfig compared,
        List<String> data,
        Path tokenizer,
        String separator) {
    private static final int WARMUP_SHARE = 20;

    /// The model of the settings with other parts.
    ///
    /// @throws UsageException if there can be none such
    static GptConfig model(Settings start, Map<String, Object> given) {
        return configured(start.model(), given, GptConfig::validate);
    }

    /// The training of the settings with other ones.
    ///
    /// @throws UsageException if there can be none such
    static TrainConfig train(Settings start, Map<String, Object> given) {
        return configured(start.train(), warmedUp(start.train(), given), TrainConfig::validate);
    }

    /// Makes sure that a task can be learnt with these settings.
    ///
    /// @param separator given on the command line; null if none was
    static void requireTask(RunTask chosen, GptConfig model, TrainConfig train, String separator) {
        if (!chosen.isEncoder()) {
            return;
        }
        if (separator != null) {
            throw new UsageException(
                    "--task %s puts [SEP] behind each line; leave out --documentSeparator".formatted(chosen));
        }
        if (train.labelSmoothing() > 0) {
            throw new UsageException(
                    "--task %s has no smoothed targets; leave out --train.labelSmoothing".formatted(chosen));
        }
        if (chosen == RunTask.CONTRASTIVE && train.batchSize() < 2) {
            throw new UsageException(
                    "an anchor is told from the other examples of its batch; batchSize must be at least 2;" + " got "
                            + train.batchSize());
        }
        try {
            EncoderSize.encoder(model);
        } catch (ConfigException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    /// A training that was only told to be shorter also warms up for a shorter time.
    private static Map<String, Object> warmedUp(TrainConfig start, Map<String, Object> given) {
        if (given.get("steps") instanceof Integer steps && steps > 0) {
            given.putIfAbsent("warmup", Math.min(start.learningRate().warmup(), steps / WARMUP_SHARE));
        }
        if (given.get("lr") instanceof Double lr) {
            given.putIfAbsent("minLr", Math.min(start.learningRate().minLr(), lr));
        }
        return given;
    }

    private static <R extends Record> R configured(R start, Map<String, Object> given, UnaryOperator<R> validate) {
        try {
            return validate.apply(ConfigFields.with(start, given));
        } catch (ConfigException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }
}
