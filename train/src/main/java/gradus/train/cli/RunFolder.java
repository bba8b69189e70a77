package gradus.train.cli;

import gradus.error.ResourceException;
import gradus.error.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The folder that a training run fills:
///
/// | file | |
/// |---|---|
/// | `config.json` | every setting, and what the data was |
/// | `tokenizer.json` | the vocabulary |
/// | `metrics.jsonl` | a line for each step and each validation |
/// | `loss.png` | the curves |
/// | `samples.txt` | what the model writes |
/// | `model.safetensors` | the weights |
record RunFolder(Path path) {

    Path config() {
        return path.resolve("config.json");
    }

    Path tokenizer() {
        return path.resolve("tokenizer.json");
    }

    Path metrics() {
        return path.resolve("metrics.jsonl");
    }

    Path plot() {
        return path.resolve("loss.png");
    }

    Path samples() {
        return path.resolve("samples.txt");
    }

    Path weights() {
        return path.resolve("model.safetensors");
    }

    private List<Path> files() {
        return List.of(config(), tokenizer(), metrics(), plot(), samples(), weights());
    }

    /// Makes the folder ready for a new run. Overwriting removes an earlier run's files and nothing else.
    ///
    /// @throws UsageException if the folder holds anything and may not be overwritten, or cannot be written to
    static RunFolder create(Path path, boolean overwrite) {
        RunFolder folder = new RunFolder(path);
        requireFolder(path);
        try {
            if (Files.isDirectory(path) && !isEmpty(path)) {
                folder.clear(overwrite);
            }
        } catch (IOException e) {
            throw notWritable(path, e);
        }
        requireWritable(path);
        return folder;
    }

    /// Makes a folder unless it is there, and tries whether it can be written to.
    ///
    /// @throws UsageException if it cannot
    static void requireWritable(Path path) {
        requireFolder(path);
        try {
            Files.createDirectories(path);
            Files.delete(Files.createTempFile(path, ".writable", null));
        } catch (IOException e) {
            throw notWritable(path, e);
        }
    }

    private static void requireFolder(Path path) {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new UsageException(path + " is a file; --out takes a folder");
        }
    }

    private static UsageException notWritable(Path path, IOException e) {
        return new UsageException(path + " cannot be written to (" + reason(e) + "); choose another --out", e);
    }

    private void clear(boolean overwrite) throws IOException {
        if (!overwrite) {
            throw new UsageException(path + " is not empty; choose another --out, or --overwrite the run there");
        }
        if (!Files.exists(config())) {
            throw new UsageException(path + " is not empty and holds no run; --overwrite replaces runs only");
        }
        for (Path file : files()) {
            Files.deleteIfExists(file);
        }
    }

    /// Opens the folder of an earlier run.
    ///
    /// @throws UsageException if it holds none
    static RunFolder open(Path path) {
        RunFolder folder = new RunFolder(path);
        for (Path needed : List.of(folder.config(), folder.tokenizer(), folder.weights())) {
            if (!Files.isRegularFile(needed)) {
                throw new UsageException(path + " holds no finished run: " + needed.getFileName()
                        + " is missing; --run takes a run's folder");
            }
        }
        return folder;
    }

    /// Writes a text file.
    void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new ResourceException(file + " cannot be written: " + reason(e), e);
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    static String reason(IOException e) {
        return switch (e) {
            case java.nio.file.AccessDeniedException denied -> "permission denied";
            case java.nio.file.FileAlreadyExistsException file -> file.getFile() + " is a file";
            case java.nio.file.FileSystemException other when other.getReason() != null -> other.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }
}
