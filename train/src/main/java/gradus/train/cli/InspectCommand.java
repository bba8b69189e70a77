package gradus.train.cli;

import gradus.error.UsageException;
import gradus.layers.Layer;
import gradus.layers.model.Gpt;
import gradus.tensor.random.Rng;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.pretrained.HuggingFaceFolder;
import gradus.train.run.RunConfig;
import gradus.train.run.RunFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `gradus inspect`
@Command(
        name = "inspect",
        description = "Shows the layers of a model as a tree, each with the shapes and the number of its parameters."
                + " The weights are not read, so their file may be missing.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {"", "Example:", "  gradus inspect downloads/llama-3-70b/config.json"})
final class InspectCommand implements Runnable {
    private static final double GIBIBYTE = 1L << 30;

    @Parameters(paramLabel = "<path>", description = "a Hugging Face config.json, a folder with one, or a run's folder")
    private Path path;

    private final Console console;

    InspectCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        Layer model = model();
        List<String> tree = model.toString().lines().toList(); // the number of parameters, and the tree
        String memory = String.format(Locale.ROOT, "%.2f", model.parameterCount() * Float.BYTES / GIBIBYTE);
        console.out().println("%s, %s GiB in float32".formatted(tree.getFirst(), memory));
        tree.stream().skip(1).forEach(line -> console.out().println(line));
    }

    private Layer model() {
        Path config = Files.isDirectory(path) ? path.resolve("config.json") : path;
        if (!Files.isRegularFile(config)) {
            throw new UsageException(path + " is neither a config.json nor a folder with one");
        }
        if (CheckpointJson.read(config).has("model_type")) {
            return HuggingFaceFolder.untrained(config);
        }
        Path folder = config.toAbsolutePath().getParent();
        return new Gpt(RunConfig.read(RunFolder.open(folder)).model(), Rng.of(0));
    }
}
