package gradus.lessons.prompt.cli;

import gradus.lessons.prompt.method.SelfRefine;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus prompt refine`
@Command(
        name = "refine",
        description = {
            "Self-refinement: the model writes an answer, says what is wrong with it, and",
            "writes a better one, until it has nothing to say."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus prompt refine \"Explain attention in one sentence.\" --rounds 2 --model ollama:qwen3:0.6b"
        })
final class RefineCommand implements Callable<Integer> {
    @Mixin
    private Asking asking = new Asking();

    @Mixin
    private AnswerOption answer = new AnswerOption();

    @Option(names = "--rounds", paramLabel = "<n>", description = "the most revisions; default ${DEFAULT-VALUE}")
    private int rounds = 3;

    @Option(
            names = "--stop-sign",
            paramLabel = "<text>",
            description = "what it is told to write where there is nothing to improve; default ${DEFAULT-VALUE}")
    private String stopSign = "NOTHING TO IMPROVE";

    private final Console console;

    RefineCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        return asking.run(
                console,
                "refine",
                model -> new SelfRefine(model, rounds, stopSign, answer.extractor("all"), asking.options(0)));
    }
}
