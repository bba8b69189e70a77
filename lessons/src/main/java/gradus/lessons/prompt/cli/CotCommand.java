package gradus.lessons.prompt.cli;

import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gradus prompt cot`
@Command(
        name = "cot",
        description = {
            "Chain of thought: the model writes how it gets to the answer before the",
            "answer. With --demos it sees how others are worked out; without, it is told to",
            "think step by step."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus prompt cot \"How many legs have three cats?\" --model ollama:qwen3:0.6b --answer number"
        })
final class CotCommand implements Callable<Integer> {
    @Mixin
    private Asking asking = new Asking();

    @Mixin
    private ChainOptions chain = new ChainOptions();

    private final Console console;

    CotCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        return asking.run(console, "cot", model -> chain.chain(model, asking.options(0)));
    }
}
