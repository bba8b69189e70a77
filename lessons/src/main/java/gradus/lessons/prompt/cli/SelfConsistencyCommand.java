package gradus.lessons.prompt.cli;

import gradus.lessons.prompt.method.ChainOfThought;
import gradus.lessons.prompt.method.SelfConsistency;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus prompt self-consistency`
@Command(
        name = "self-consistency",
        description = {
            "Draws several chains of thought, as cot writes one, and takes the answer that",
            "most of them come to."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  gradus prompt self-consistency \"How many legs have three cats?\" -n 10 --answer number \\",
            "      --model my-model.gguf"
        })
final class SelfConsistencyCommand implements Callable<Integer> {
    @Mixin
    private Asking asking = new Asking();

    @Mixin
    private ChainOptions chain = new ChainOptions();

    @Option(names = "-n", paramLabel = "<n>", description = "how many chains; default ${DEFAULT-VALUE}")
    private int n = 5;

    @Option(names = "--weighted", description = "likelier chains count more; for models that Gradus runs itself")
    private boolean weighted;

    private final Console console;

    SelfConsistencyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        return asking.run(console, "self-consistency", model -> {
            ChainOfThought drawn = chain.chain(model, asking.options(SelfConsistency.TEMPERATURE));
            SelfConsistency counted = SelfConsistency.counted(drawn, n);
            return weighted ? new SelfConsistency(drawn, n, Optional.of(asking.scorer(model, "--weighted"))) : counted;
        });
    }
}
