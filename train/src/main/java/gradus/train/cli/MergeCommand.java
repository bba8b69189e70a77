package gradus.train.cli;

import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.finetune.Adapted;
import gradus.train.run.Export;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `gradus merge`
@Command(
        name = "merge",
        description = "Adds an adapter's change to the matrices of its base, and writes a model without adapters.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {"", "Example:", "  gradus merge --base runs/mine --adapter runs/tuned --out merged"})
final class MergeCommand implements Callable<Integer> {
    @Option(
            names = "--base",
            required = true,
            paramLabel = "<path>",
            description = "a run's folder, a Hugging Face folder or a GGUF file")
    private Path base;

    @Option(
            names = "--adapter",
            required = true,
            paramLabel = "<folder>",
            description = "what gradus finetune or peft wrote")
    private Path adapter;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "<folder>",
            description = "where to write the model, as a Hugging Face folder")
    private Path out;

    @Option(names = "--overwrite", description = "replace what is there")
    private boolean overwrite;

    private final Console console;

    MergeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        new Export(console.err()::println, overwrite)
                .huggingFace(
                        Adapted.openToMerge(base, adapter, console.err()::println)
                                .merged(),
                        out);
        return 0;
    }
}
