package gradus.lessons.prompt.data.cli;

import gradus.error.UsageException;
import gradus.lessons.prompt.cli.ModelOption;
import gradus.lessons.prompt.data.JournaledModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What both loops are told.
final class LoopOptions {
    @Mixin
    private ModelOption model = new ModelOption();

    @Option(names = "--out", required = true, paramLabel = "<file>", description = "the JSONL to write")
    private Path out;

    @Option(
            names = "--seed",
            paramLabel = "<n>",
            description = "the seed of the random numbers: the same seed gives the same data; default 1")
    private long seed = 1;

    @Option(names = "--overwrite", description = "replace <file>, and ask everything again")
    private boolean overwrite;

    long seed() {
        return seed;
    }

    Path out() {
        return out;
    }

    /// The model, with its answers kept beside the file, where a killed loop finds them.
    JournaledModel open() {
        Path journal = journal();
        if (Files.isDirectory(out)) {
            throw new UsageException(out + " is a folder; name a file");
        }
        if (Files.exists(out) && !overwrite) {
            throw new UsageException(out + " is there already; choose another name or --overwrite it");
        }
        Path parent = out.toAbsolutePath().getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            throw new UsageException(out + " cannot be written: there is no folder " + parent);
        }
        try {
            if (overwrite) {
                Files.deleteIfExists(journal);
            }
        } catch (IOException failure) {
            throw new UsageException(journal + ": cannot be removed", failure);
        }
        return new JournaledModel(model.open(), model.name(), journal);
    }

    Path journal() {
        return out.resolveSibling(out.getFileName() + ".answers");
    }
}
