package gradus.train.cli;

import gradus.train.cli.option.ExportOptions;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.run.ExchangedModel;
import gradus.train.run.Export;
import gradus.train.run.SavedModel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `gradus convert`
@Command(
        name = "convert",
        description =
                "Converts a Hugging Face folder to a GGUF file, a GGUF file to a folder, or a GGUF file to another"
                        + " number type.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "GPT-2, Llama, Mistral, Qwen2, Mixtral and the encoder of BERT can be converted",
            "both ways. GGUF files may be F32, F16, BF16, F64, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1,",
            "Q4_K, Q5_K or Q6_K. With a GGUF file, a Modelfile for Ollama is written.",
            "",
            "Examples:",
            "  gradus convert downloads/qwen2 qwen2.gguf --type q8_0",
            "  gradus convert downloads/qwen2 qwen2-4bit --quantize nf4-double"
        })
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
        options.require(gguf, ".gguf files");
        ExchangedModel saved = ExchangedModel.open(from);
        Export export = new Export(console.err()::println, options.overwrite);
        if (gguf) {
            export.gguf(saved, to, options.typeOrF32());
        } else {
            export.huggingFace(saved, to, options.quantize);
        }
        return 0;
    }
}
