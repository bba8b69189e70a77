package gradus.lessons.prompt.data.cli;

import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The part of `gradus data` that asks a model.
@Command(
        name = "data",
        description = "Lets a model write data to learn from.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "(self-instruct | evolve)")
public final class LoopsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    private LoopsCommand() {}

    public static CommandLine commandLine(Console console) {
        return new CommandLine(new LoopsCommand())
                .addSubcommand(new SelfInstructCommand(console))
                .addSubcommand(new EvolveCommand(console));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "missing command: self-instruct or evolve");
    }
}
