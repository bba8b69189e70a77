package gradus.train.cli;

import gradus.error.UsageException;
import gradus.train.cli.option.ExportOptions;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.run.ExchangedModel;
import gradus.train.run.Export;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
            "and swiglu; or Qwen2, which is that with --model.qkvBias=true. gradus convert",
            "takes published models of these kinds, Mixtral and BERT too.",
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

    @Option(names = "--best", description = "the weights of the lowest validation loss, not the last ones")
    private boolean best;

    @Mixin
    private ExportOptions options;

    private final Console console;

    ExportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (format == Format.HF && options.type != null) {
            throw new UsageException("--type is for --format gguf; a Hugging Face folder is float32");
        }
        ExchangedModel saved = ExchangedModel.open(run, best);
        Export export = new Export(console.err()::println, options.overwrite);
        switch (format) {
            case GGUF -> export.gguf(saved, out != null ? out : run.resolve("model.gguf"), options.typeOrF32());
            case HF -> export.huggingFace(saved, out != null ? out : run.resolve("hf"));
        }
        return 0;
    }
}
