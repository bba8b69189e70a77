package gradus.train.run;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.error.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The folder that a training run fills:
///
/// | file | |
/// |---|---|
/// | `config.json` | every setting, and what the data was |
/// | `tokenizer.json` | the vocabulary |
/// | `metrics.jsonl` | a line for each step and each validation |
/// | `loss.png` | the curves |
/// | `report.html` | a page about the run, where it was asked for |
/// | `samples.txt` | what the model writes |
/// | `model.safetensors` | the weights after the last step |
/// | `best.safetensors` | the weights of the lowest validation loss |
/// | `tokens/` | the text as token ids, where it is too large for the memory |
/// | `checkpoints/` | where the training can go on from |
/// | `run.lock` | the process that trains here, while it does |
public record RunFolder(Path path) {

    public Path config() {
        return path.resolve("config.json");
    }

    public Path tokenizer() {
        return path.resolve("tokenizer.json");
    }

    public Path metrics() {
        return path.resolve("metrics.jsonl");
    }

    public Path plot() {
        return path.resolve("loss.png");
    }

    public Path report() {
        return path.resolve("report.html");
    }

    public Path tensorboard() {
        return path.resolve("tensorboard");
    }

    public Path samples() {
        return path.resolve("samples.txt");
    }

    public Path weights() {
        return path.resolve("model.safetensors");
    }

    public Path best() {
        return path.resolve("best.safetensors");
    }

    public Path tokens() {
        return path.resolve("tokens");
    }

    public Path checkpoints() {
        return path.resolve("checkpoints");
    }

    private List<Path> files() {
        return List.of(config(), tokenizer(), metrics(), plot(), report(), samples(), weights(), best());
    }

    /// Makes the folder of a new run, or finds that of a run to be replaced.
    ///
    /// @throws UsageException if the folder holds anything and may not be overwritten, or cannot be written
    ///                        to
    public static RunFolder create(Path path, boolean overwrite) {
        RunFolder folder = new RunFolder(path);
        requireFolder(path);
        try {
            if (Files.isDirectory(path) && !isEmpty(path)) {
                folder.requireReplaceable(overwrite);
            }
        } catch (IOException e) {
            throw notWritable(path, e);
        }
        return folder;
    }

    /// Makes a folder unless it is there, and tries whether it can be written to.
    ///
    /// @throws UsageException if it cannot
    public static void requireWritable(Path path) {
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
        return new UsageException(path + " cannot be written to (" + FileReason.of(e) + "); choose another --out", e);
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
    public void clear() {
        try {
            for (Path file : files()) {
                Files.deleteIfExists(file);
            }
            remove(checkpoints());
            remove(tensorboard());
        } catch (IOException e) {
            throw notWritable(path, e);
        }
    }

    private static void remove(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /// Makes the folder unless it is there.
    ///
    /// @return the outermost folder that had to be made, for [#unmake]; nothing if it was there
    public Optional<Path> make() {
        Path outermost = null;
        for (Path folder = absolute(); folder != null && !Files.exists(folder); folder = folder.getParent()) {
            outermost = folder;
        }
        requireWritable(path);
        return Optional.ofNullable(outermost);
    }

    /// Removes the folders that [#make] made, for want of anything to put there, unless somebody else did.
    public void unmake(Path outermost) {
        try {
            remove(tokens());
            for (Path folder = absolute(); folder.startsWith(outermost); folder = folder.getParent()) {
                Files.deleteIfExists(folder);
            }
        } catch (IOException notEmpty) {
            // Somebody has put something there.
        }
    }

    private Path absolute() {
        return path.toAbsolutePath().normalize();
    }

    /// Makes sure that beginning a run anew, since there is no checkpoint of it, loses nothing.
    ///
    /// @return what was done, to be told
    /// @throws UsageException if there is a trained model
    public String beginAgain() {
        if (Files.exists(weights())) {
            throw new UsageException(
                    path + " holds a trained model but no checkpoint to go on from; nothing was changed."
                            + " Begin a new run with another --out, or --overwrite this one");
        }
        String told = "no checkpoint was written yet; beginning again with step 1";
        try {
            if (!Files.exists(metrics()) || Files.size(metrics()) == 0) {
                return told;
            }
            for (int i = 1; ; i++) {
                Path kept = path.resolve(metrics().getFileName() + "." + i);
                if (!Files.exists(kept)) {
                    Files.move(metrics(), kept);
                    return told + ", and keeping what was logged before as " + kept.getFileName();
                }
            }
        } catch (IOException e) {
            throw new ResourceException(metrics() + " cannot be kept: " + FileReason.of(e), e);
        }
    }

    /// Opens the folder of a run that was begun.
    ///
    /// @throws UsageException if it holds none
    public static RunFolder reopen(Path path) {
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
    public static RunFolder open(Path path) {
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
    public void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new ResourceException(file + " cannot be written: " + FileReason.of(e), e);
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.allMatch(RunLock::isLock);
        }
    }
}
