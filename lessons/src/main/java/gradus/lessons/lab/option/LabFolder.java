package gradus.lessons.lab.option;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

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
}
