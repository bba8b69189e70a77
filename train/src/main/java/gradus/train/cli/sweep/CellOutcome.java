package gradus.train.cli.sweep;

import gradus.error.CorruptCheckpointException;
import gradus.train.checkpoint.CheckpointJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// How a cell ended: the `cell.json` of its folder, which is there once it has.
///
/// @param exit  the exit code of its process
/// @param error what it said, if it failed
record CellOutcome(int exit, Optional<String> error) {
    private static final String NAME = "cell.json";

    boolean succeeded() {
        return exit == 0;
    }

    /// Nothing if the cell has not ended.
    static Optional<CellOutcome> of(Path folder) {
        Path file = folder.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            JsonNode node = CheckpointJson.read(file);
            return Optional.of(new CellOutcome(
                    node.path("exit").asInt(1),
                    Optional.ofNullable(node.path("error").asString(null))));
        } catch (CorruptCheckpointException cut) {
            return Optional.empty();
        }
    }

    void write(Path folder) {
        var node = CheckpointJson.object().put("exit", exit);
        error.ifPresent(said -> node.put("error", said));
        CheckpointJson.write(folder.resolve(NAME), node);
    }
}
