package gradus.lessons.prompt.cli;

import gradus.lessons.prompt.method.LeastToMost;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus prompt least-to-most`
@Command(
        name = "least-to-most",
        description = {
            "The model takes the question apart into easier ones and answers them one by",
            "one, the question itself last."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus prompt least-to-most \"How many legs have three cats and two birds?\" --answer number \\",
            "      --model ollama:qwen3:0.6b"
        })
final class LeastToMostCommand implements Callable<Integer> {
    @Mixin
    private Asking asking = new Asking();

    @Mixin
    private AnswerOption answer = new AnswerOption();

    @Option(names = "--most", paramLabel = "<n>", description = "the most easier questions; default ${DEFAULT-VALUE}")
    private int most = 6;

    private final Console console;

    LeastToMostCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        return asking.run(
                console, "least-to-most", model -> new LeastToMost(model, most, answer.extractor(), asking.options(0)));
    }
}
