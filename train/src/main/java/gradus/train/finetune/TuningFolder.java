package gradus.train.finetune;

import gradus.error.FileReason;
import gradus.error.GradusException;
import gradus.error.ResourceException;
import gradus.error.UsageException;
import gradus.train.run.RunFolder;
import gradus.train.run.TuningConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// The folder that a fine-tuning fills: whether it may, and how an earlier fine-tuning is removed from it.
///
/// @param path the folder
public record TuningFolder(Path path) {
    /// What a fine-tuning and `--then` write, by whatever method.
    private static final List<String> WRITTEN = List.of(
            "config.json",
            "base.json",
            "metrics.jsonl",
            "loss.png",
            "alignment.png",
            "checkpoints",
            "best",
            "model",
            "adapter_config.json",
            "adapter_model.safetensors",
            "manifest.json",
            LongContext.FILE,
            "tokenizer.json",
            "tokenizer_config.json",
            "merged",
            "model.gguf",
            "adapter.gguf",
            "base.gguf",
            "Modelfile");

    /// Makes sure that a fine-tuning may be begun here, and changes nothing.
    ///
    /// @param overwrite whether an earlier fine-tuning may be replaced
    /// @param read      files and folders that are read: none may be among what is replaced
    /// @throws UsageException if there is anything that may not be replaced
    public void requireFree(boolean overwrite, List<Path> read) {
        if (!Files.isDirectory(path) || isEmpty()) {
            return;
        }
        if (!overwrite) {
            throw new UsageException(path + " is not empty; choose another --out, --overwrite the fine-tuning there, or"
                    + " go on with --resume --out " + path);
        }
        try {
            TuningConfig.read(new RunFolder(path));
        } catch (GradusException none) {
            throw new UsageException(
                    path + " is not empty and holds no fine-tuning; --overwrite replaces fine-tunings only", none);
        }
        for (Path each : read) {
            if (WRITTEN.stream().anyMatch(name -> real(each).startsWith(real(path.resolve(name))))
                    || real(each).equals(real(path))) {
                throw new UsageException(each + " is a part of what --overwrite replaces; choose another --out");
            }
        }
    }

    private boolean isEmpty() {
        try (Stream<Path> files = Files.list(path)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            throw new ResourceException(path + " cannot be read: " + FileReason.of(e), e);
        }
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException notThere) {
            return path.toAbsolutePath().normalize();
        }
    }

    /// Removes an earlier fine-tuning's files and nothing else.
    public void clear() {
        try {
            for (String name : WRITTEN) {
                remove(path.resolve(name));
            }
        } catch (IOException e) {
            throw new ResourceException(path + " cannot be cleared: " + FileReason.of(e), e);
        }
    }

    private static void remove(Path old) throws IOException {
        if (!Files.isDirectory(old)) {
            Files.deleteIfExists(old);
            return;
        }
        try (Stream<Path> all = Files.walk(old)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
