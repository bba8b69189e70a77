package gradus.train.cli;

import gradus.error.UsageException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `gradus convert`
@Command(
        name = "convert",
        description = "Turns a Hugging Face folder into a GGUF file, a GGUF file into a folder, or one GGUF file into"
                + " one of another type.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {"", "Example:", "  gradus convert downloads/qwen2 qwen2.gguf --type q8_0"})
final class ConvertCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "<from>",
            description = "a Hugging Face folder, a .gguf file or a run's folder")
    private Path from;

    @Parameters(index = "1", paramLabel = "<to>", description = "a .gguf file, or else a Hugging Face folder")
    private Path to;

    @Mixin
    private ExportOptions options;

    private final Console console;

    ConvertCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        boolean gguf = SavedModel.isGguf(to);
        if (!gguf && options.type != null) {
            throw new UsageException("--type is for .gguf files; a Hugging Face folder is float32");
        }
        SavedModel saved = SavedModel.open(from);
        Export export = new Export(console, options.overwrite);
        if (gguf) {
            export.gguf(saved, to, options.typeOrF32());
        } else {
            export.huggingFace(saved, to);
        }
        return 0;
    }
}
