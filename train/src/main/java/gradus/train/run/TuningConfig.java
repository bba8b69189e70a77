package gradus.train.run;

import gradus.error.CorruptCheckpointException;
import gradus.error.GradusException;
import gradus.train.TrainConfig;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.run.provenance.Circumstances;
import gradus.train.run.provenance.Release;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/// Everything that fine-tuning was started with: the `config.json` of its folder.
///
/// @param version of Gradus
/// @param options what names base, data and method, as on the command line: `--base=…`, `--method=lora`; paths
///     are absolute
/// @param train   every setting of the training
/// @param made    when, and on what
public record TuningConfig(String version, List<String> options, TrainConfig train, Circumstances made) {

    public TuningConfig {
        options = List.copyOf(options);
    }

    /// What is begun now.
    public static TuningConfig begun(List<String> options, TrainConfig train) {
        return new TuningConfig(Release.number(), options, train, Circumstances.now());
    }

    public void write(RunFolder folder) {
        folder.write(folder.config(), RunConfig.json().writeValueAsString(this) + "\n");
    }

    /// @throws CorruptCheckpointException if the file is no such configuration
    public static TuningConfig read(RunFolder folder) {
        Path file = folder.config();
        ObjectNode root = CheckpointJson.read(file);
        new ConfigTree(file, true).check(root, TuningConfig.class, "");
        root.get("options").forEach(option -> {
            if (!option.isString() || !option.stringValue().startsWith("--")) {
                throw new CorruptCheckpointException(file + ": options must hold options; got " + option);
            }
        });
        try {
            TuningConfig config = RunConfig.json().treeToValue(root, TuningConfig.class);
            config.train().validate();
            return config;
        } catch (JacksonException e) {
            String reason =
                    e.getCause() instanceof GradusException refused ? refused.getMessage() : e.getOriginalMessage();
            throw new CorruptCheckpointException(file + ": " + reason, e);
        } catch (GradusException refused) {
            throw new CorruptCheckpointException(file + ": " + refused.getMessage(), refused);
        }
    }
}
