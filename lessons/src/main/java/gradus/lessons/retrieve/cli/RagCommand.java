package gradus.lessons.retrieve.cli;

import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `gradus rag`
@Command(
        name = "rag",
        description = "Makes texts searchable, searches in them, and answers from them.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND")
public final class RagCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    private RagCommand() {}

    /// With all its commands.
    public static CommandLine commandLine(Console console) {
        return new CommandLine(new RagCommand())
                .addSubcommand(new RagIndexCommand(console))
                .addSubcommand(new RagSearchCommand(console))
                .addSubcommand(new RagAskCommand(console))
                .addSubcommand(new RagReaderCommand(console))
                .addSubcommand(new RagEvalCommand(console));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "missing command: index, search, ask, reader or eval");
    }
}
