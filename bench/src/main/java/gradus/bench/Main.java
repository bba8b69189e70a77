package gradus.bench;

import gradus.bench.fuzz.FuzzCommand;
import gradus.bench.retrieve.RetrieveCommand;
import gradus.train.cli.Errors;
import gradus.train.cli.terminal.Console;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `gradus bench`: how fast is this machine, and how close does training come to it?
@Command(
        name = "gradus bench",
        mixinStandardHelpOptions = true,
        description = "Times training steps against this machine's own matrix products.",
        subcommands = {
            KernelsCommand.class,
            SparseCommand.class,
            GenerateCommand.class,
            RolloutsCommand.class,
            SpeculativeCommand.class,
            FinetuneCommand.class,
            EmbedCommand.class,
            TokenizerCommand.class,
            RetrieveCommand.class,
            LearnCommand.class,
            FuzzCommand.class
        })
public final class Main extends StepsCommand {

    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT); // figures look the same on every machine; nobody uses this program as a library
        System.exit(new CommandLine(new Main())
                .setExpandAtFiles(false)
                .setExecutionExceptionHandler(new Errors(Console.ofProcess()))
                .execute(arguments));
    }
}
