package gradus.train.cli.data;

import gradus.error.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file that a command writes.
final class OutputFile {
    private OutputFile() {}

    /// @throws UsageException if there is something already that may not be replaced
    static void requireFree(Path file, boolean overwrite) {
        if (Files.isDirectory(file)) {
            throw new UsageException(file + " is a folder; name a file");
        }
        if (Files.exists(file) && !overwrite) {
            throw new UsageException(file + " is there already; choose another name or --overwrite it");
        }
    }
}
