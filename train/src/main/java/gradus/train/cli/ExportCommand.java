package gradus.train.cli;

import gradus.error.UsageException;
import gradus.train.cli.option.ExportOptions;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.finetune.Adapted;
import gradus.train.finetune.AdapterTuning;
import gradus.train.pretrained.gguf.LoraGguf;
import gradus.train.run.ExchangedModel;
import gradus.train.run.Export;
import java.nio.file.Files;
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
            "A model can be exported if it has the parts of a published model: of GPT-2,",
            "as in most presets; of Llama (gqa, rope, rmsnorm and swiglu), as in llama-small;",
            "or of Qwen2, which is Llama with --model.qkvBias=true. To convert a published",
            "model of these kinds, or Mixtral or BERT, use gradus convert.",
            "",
            "Examples:",
            "  gradus export --run runs/mine --format gguf --type q8_0",
            "  gradus export --run runs/mine --format hf --out mine-hf"
        })
final class ExportCommand implements Callable<Integer> {
    /// The format of the exported model.
    enum Format {
        GGUF,
        HF
    }

    @Option(names = "--run", required = true, paramLabel = "<folder>", description = "a run's folder")
    private Path run;

    @Option(
            names = "--format",
            required = true,
            paramLabel = "<format>",
            description = "gguf for one file, or hf for a Hugging Face folder")
    private Format format;

    @Option(
            names = "--out",
            paramLabel = "<path>",
            description = "where to write; default model.gguf or hf in the run's folder")
    private Path out;

    @Option(
            names = "--best",
            description = "export the weights of the lowest validation loss instead of the last weights")
    private boolean best;

    @Option(
            names = "--adapter",
            paramLabel = "<folder>",
            description =
                    "export an adapter of this base, which gradus finetune or peft wrote, and not the model: gguf for"
                            + " llama.cpp's --lora, hf for peft; needs --out")
    private Path adapter;

    @Mixin
    private ExportOptions options;

    private final Console console;

    ExportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        options.require(format == Format.GGUF, "--format gguf");
        if (adapter != null) {
            return exportAdapter();
        }
        ExchangedModel saved = ExchangedModel.open(run, best);
        Export export = new Export(console.err()::println, options.overwrite);
        switch (format) {
            case GGUF -> export.gguf(saved, out != null ? out : run.resolve("model.gguf"), options.typeOrF32());
            case HF -> export.huggingFace(saved, out != null ? out : run.resolve("hf"), options.quantize);
        }
        return 0;
    }

    private int exportAdapter() {
        if (best || options.type != null || options.quantize != null || out == null) {
            throw new UsageException("--adapter needs --out, and takes none of --best, --type and --quantize");
        }
        if (Files.exists(out) && !options.overwrite) {
            throw new UsageException(out + " is there already; choose another name or --overwrite it");
        }
        Adapted adapted = Adapted.open(run, adapter);
        switch (format) {
            case GGUF -> LoraGguf.write(out, adapted.adapters(), AdapterTuning.NAME);
            case HF -> adapted.save(out, adapter, run.toString());
        }
        console.err().println("written: " + out);
        return 0;
    }
}
