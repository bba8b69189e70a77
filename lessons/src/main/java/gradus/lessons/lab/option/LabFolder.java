package gradus.lessons.lab.option;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.error.UsageException;
import gradus.train.checkpoint.CheckpointJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// Where an experiment keeps what it found.
///
/// @param path is made where it is missing
public record LabFolder(Path path) {

    /// @throws ResourceException if it cannot be made
    public LabFolder {
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw new ResourceException(path + " cannot be made: " + FileReason.of(e), e);
        }
    }

    /// Writes a text.
    ///
    /// @throws ResourceException if it cannot be written
    public void write(String name, String text) {
        write(name, text.getBytes(StandardCharsets.UTF_8));
    }

    /// Writes bytes, such as those of a picture.
    ///
    /// @throws ResourceException if they cannot be written
    public void write(String name, byte... bytes) {
        Path file = path.resolve(name);
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new ResourceException(file + " cannot be written: " + FileReason.of(e), e);
        }
    }

    /// Claims the folder for an experiment of some settings: what is kept in it is used again only by the same.
    ///
    /// @param settings all that decides what is measured
    /// @throws UsageException    if it was claimed for other settings
    /// @throws ResourceException if that cannot be written
    public void claim(ObjectNode settings) {
        Path file = path.resolve("settings.json");
        ObjectNode asked = CheckpointJson.parse(file, "", settings.toString().getBytes(StandardCharsets.UTF_8));
        if (!Files.exists(file)) {
            CheckpointJson.write(file, asked);
            return;
        }
        ObjectNode before = CheckpointJson.read(file);
        if (!before.equals(asked)) {
            throw new UsageException("%s holds an experiment of other settings (%s); choose another --out"
                    .formatted(path, difference(before, asked)));
        }
    }

    private static String difference(ObjectNode before, ObjectNode asked) {
        Set<String> names = new LinkedHashSet<>(before.propertyNames());
        names.addAll(asked.propertyNames());
        return names.stream()
                .filter(name -> !Objects.equals(before.get(name), asked.get(name)))
                .map(name -> "%s: %s, now %s".formatted(name, before.get(name), asked.get(name)))
                .collect(Collectors.joining("; "));
    }
}
