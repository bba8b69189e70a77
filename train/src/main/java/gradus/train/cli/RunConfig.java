package gradus.train.cli;

import gradus.error.CorruptCheckpointException;
import gradus.error.GradusException;
import gradus.error.ResourceException;
import gradus.layers.model.GptConfig;
import gradus.train.TrainConfig;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Everything that a run was started with: `config.json`.
///
/// @param version of Gradus
record RunConfig(String version, String preset, Data data, GptConfig model, TrainConfig train) {
    private static final JsonMapper JSON = Components.known(JsonMapper.builder())
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /// What the model learns from.
    ///
    /// @param tokenizer       the fingerprint of what cut it into tokens
    /// @param linesAreEntries whether a sample ends with its line
    record Data(
            String name,
            int trainingTokens,
            int validationTokens,
            int vocabulary,
            String tokenizer,
            boolean linesAreEntries) {}

    static JsonMapper json() {
        return JSON;
    }

    void write(RunFolder folder) {
        folder.write(folder.config(), JSON.writeValueAsString(this) + "\n");
    }

    /// @throws CorruptCheckpointException if the file is no such configuration
    static RunConfig read(RunFolder folder) {
        Path file = folder.config();
        try {
            RunConfig config = JSON.readValue(file, RunConfig.class);
            if (config == null || config.data() == null || config.model() == null) {
                throw new CorruptCheckpointException(file + " is no run's configuration: data or model is missing");
            }
            return config;
        } catch (JacksonException e) {
            if (e.getCause() instanceof GradusException refused) {
                throw new CorruptCheckpointException(file + ": " + refused.getMessage(), e);
            }
            if (e.getCause() instanceof java.io.IOException unreadable) {
                throw new ResourceException(file + " cannot be read: " + RunFolder.reason(unreadable), e);
            }
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw new CorruptCheckpointException(file + ":" + line + ": " + e.getOriginalMessage(), e);
        }
    }
}
