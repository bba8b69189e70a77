package gradus.train.cli;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.error.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
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
/// | `checkpoints/` | where the training can go on from |
/// | `run.lock` | the process that trains here |
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

    Path checkpoints() {
        return path.resolve("checkpoints");
    }

    private List<Path> files() {
        return List.of(config(), tokenizer(), metrics(), plot(), samples(), weights());
    }

    /// Makes the folder of a new run, or finds that of a run to be replaced.
    ///
    /// @throws UsageException if the folder holds anything and may not be overwritten, or cannot be written
    ///                        to
    static RunFolder create(Path path, boolean overwrite) {
        RunFolder folder = new RunFolder(path);
        requireFolder(path);
        try {
            if (Files.isDirectory(path) && !isEmpty(path)) {
                folder.requireReplaceable(overwrite);
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

    private void requireReplaceable(boolean overwrite) {
        if (!overwrite) {
            throw new UsageException(
                    path + " is not empty; choose another --out, --overwrite the run there, or" + " --resume it");
        }
        if (!Files.exists(config())) {
            throw new UsageException(path + " is not empty and holds no run; --overwrite replaces runs only");
        }
    }

    /// Removes an earlier run's files and nothing else.
    void clear() {
        try {
            for (Path file : files()) {
                Files.deleteIfExists(file);
            }
            if (Files.isDirectory(checkpoints())) {
                try (Stream<Path> all = Files.walk(checkpoints())) {
                    for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        } catch (IOException e) {
            throw notWritable(path, e);
        }
    }

    /// Opens the folder of a run that was begun.
    ///
    /// @throws UsageException if it holds none
    static RunFolder reopen(Path path) {
        RunFolder folder = new RunFolder(path);
        for (Path needed : List.of(folder.config(), folder.tokenizer())) {
            if (!Files.isRegularFile(needed)) {
                throw new UsageException(
                        path + " holds no run: " + needed.getFileName() + " is missing; --resume takes a run's folder");
            }
        }
        return folder;
    }

    /// Opens the folder of an earlier run.
    ///
    /// @throws UsageException if it holds none
    static RunFolder open(Path path) {
        RunFolder folder = new RunFolder(path);
        for (Path needed : List.of(folder.config(), folder.tokenizer(), folder.weights())) {
            if (!Files.isRegularFile(needed)) {
                throw new UsageException(path + " holds no finished run: " + needed.getFileName()
                        + " is missing; --run takes a run's folder"
                        + (Files.exists(folder.checkpoints()) ? "; gradus train --resume finishes this one" : ""));
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
            return files.allMatch(file -> file.endsWith(RunLock.NAME));
        }
    }

    static String reason(IOException e) {
        return FileReason.of(e);
    }
}
