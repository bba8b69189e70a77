package gradus.lessons.prompt.cli;

import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gradus prompt tot`
@Command(
        name = "tot",
        description = {"Tree of thoughts: several next thoughts at each step, judged, and the best", "followed."},
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus prompt tot \"4 9 10 13\" --task game24 --model ollama:qwen3:0.6b",
            "  gradus prompt tot \"Which is heavier, a whale or 100 tigers?\" --thoughts sample -n 3 \\",
            "      --score vote --breadth 2 --model my-model.gguf"
        })
final class TotCommand implements Callable<Integer> {
    @Mixin
    private Asking asking = new Asking();

    @Mixin
    private TreeOptions tree = new TreeOptions();

    private final Console console;

    TotCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        return asking.run(console, "tot", model -> tree.method(model, asking));
    }
}
