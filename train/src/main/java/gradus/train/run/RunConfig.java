package gradus.train.run;

import gradus.error.CorruptCheckpointException;
import gradus.error.GradusException;
import gradus.error.UsageException;
import gradus.layers.model.config.GptConfig;
import gradus.train.TrainConfig;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.corpus.Corpus.FileFacts;
import gradus.train.run.provenance.Circumstances;
import gradus.train.task.ContrastiveConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Everything that a run was started with: `config.json`.
///
/// @param version of Gradus
/// @param task    what is learnt; `lm` in a run of an earlier version
/// @param contrastive how vectors are compared; null unless that is learnt
/// @param made    when, and on what; null in a run of an earlier version
public record RunConfig(
        String version,
        String preset,
        RunTask task,
        Data data,
        GptConfig model,
        TrainConfig train,
        ContrastiveConfig contrastive,
        Circumstances made) {
    private static final JsonMapper JSON = Components.known(JsonMapper.builder())
            .addModule(TrainConfigJson.module())
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    /// What the model learns from.
    ///
    /// @param tokenizer         the fingerprint of what cut it into tokens
    /// @param linesAreEntries   whether a sample ends with its line
    /// @param files             the files as they were; null in a run of an earlier version, which `name`
    ///                          tells the file of
    /// @param documentSeparator the control token between documents; null if there is none
    public record Data(
            String name,
            long trainingTokens,
            long validationTokens,
            int vocabulary,
            String tokenizer,
            boolean linesAreEntries,
            List<FileFacts> files,
            String documentSeparator) {

        /// What `--data` would be.
        public List<String> names() {
            return files == null || files.isEmpty()
                    ? List.of(name)
                    : files.stream().map(FileFacts::path).toList();
        }

        /// Refuses to go on without the files.
        ///
        /// @param what the run, for the message
        public void requireThere(Path what) {
            for (String each : linesAreEntries ? List.<String>of() : names()) {
                if (!Files.exists(Path.of(each))) {
                    Path path = Path.of(each);
                    throw new UsageException("%s: its data, %s, is gone%s; tell its new place with --data"
                            .formatted(
                                    what,
                                    path,
                                    path.isAbsolute()
                                            ? ""
                                            : ", as seen from " + Path.of("").toAbsolutePath()));
                }
            }
        }
    }

    public static JsonMapper json() {
        return JSON;
    }

    public void write(RunFolder folder) {
        ObjectNode json = JSON.valueToTree(this);
        if (task == RunTask.LM) {
            json.remove("task"); // as earlier versions have it
        }
        if (contrastive == null) {
            json.remove("contrastive");
        }
        folder.write(folder.config(), JSON.writeValueAsString(json) + "\n");
    }

    /// @throws CorruptCheckpointException if the file is no such configuration
    public static RunConfig read(RunFolder folder) {
        Path file = folder.config();
        ObjectNode root = CheckpointJson.read(file);
        new ConfigTree(file, true).check(root, RunConfig.class, "");
        try {
            RunConfig config = JSON.treeToValue(root, RunConfig.class);
            config.model().validate();
            if (config.task().isEncoder()) {
                EncoderSize.encoder(config.model());
            }
            if (config.task() == RunTask.CONTRASTIVE && config.contrastive() == null) {
                throw new CorruptCheckpointException(file + ": contrastive is missing");
            }
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
