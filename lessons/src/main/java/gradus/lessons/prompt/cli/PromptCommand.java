package gradus.lessons.prompt.cli;

import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `gradus prompt`
@Command(
        name = "prompt",
        description = {
            "Asks a language model in one of several ways, and shows how the answer came",
            "about: in colour on a terminal, else as a list, or as JSON."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND")
public final class PromptCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    private PromptCommand() {}

    /// With all its commands.
    public static CommandLine commandLine(Console console) {
        return new CommandLine(new PromptCommand())
                .addSubcommand(new FewShotCommand(console))
                .addSubcommand(new OrdersCommand(console))
                .addSubcommand(new ChainCommand(console))
                .addSubcommand(new CotCommand(console))
                .addSubcommand(new AutoCotCommand(console))
                .addSubcommand(new SelfConsistencyCommand(console))
                .addSubcommand(new RefineCommand(console))
                .addSubcommand(new LeastToMostCommand(console))
                .addSubcommand(new TotCommand(console))
                .addSubcommand(new ReactCommand(console));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "missing command: few-shot, orders, chain, cot, auto-cot, self-consistency, refine, least-to-most, tot or react");
    }
}
