package gradus.train.cli;

import gradus.error.UsageException;
import gradus.train.checkpoint.GgufType;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `gradus export`
@Command(
        name = "export",
        description = "Writes a trained model for other programs: llama.cpp and Ollama, or Hugging Face's libraries.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "A model can go there if its parts are those of a published kind: GPT-2,",
            "as most presets have it; Llama, as llama-small has it: gqa, rope, rmsnorm",
            "and swiglu; or Qwen2, which is that with --model.qkvBias=true.",
            "",
            "Examples:",
            "  gradus export --run runs/mine --format gguf --type q8_0",
            "  gradus export --run runs/mine --format hf --out mine-hf"
        })
final class ExportCommand implements Callable<Integer> {
    /// Who is to read it.
    enum Format {
        GGUF,
        HF
    }

    @Option(names = "--run", required = true, paramLabel = "<folder>", description = "what gradus train left")
    private Path run;

    @Option(
            names = "--format",
            required = true,
            paramLabel = "<format>",
            description = "gguf, one file, or hf, a Hugging Face folder")
    private Format format;

    @Option(
            names = "--out",
            paramLabel = "<path>",
            description = "where to; default model.gguf or hf in the run's folder")
    private Path out;

    @Option(
            names = "--type",
            paramLabel = "<type>",
            description = "what a GGUF file's matrices are stored in: f32 (the default), f16, q8_0 or q4_0")
    private GgufType type;

    @Option(names = "--overwrite", description = "replace what is there")
    private boolean overwrite;

    private final Console console;

    ExportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (format == Format.HF && type != null) {
            throw new UsageException("--type is for --format gguf; a Hugging Face folder is float32");
        }
        SavedModel saved = SavedModel.open(run);
        Export export = new Export(console, overwrite);
        switch (format) {
            case GGUF ->
                export.gguf(saved, out != null ? out : run.resolve("model.gguf"), type != null ? type : GgufType.F32);
            case HF -> export.huggingFace(saved, out != null ? out : run.resolve("hf"));
        }
        return 0;
    }
}
