package gradus.bench;

import gradus.bench.fuzz.FuzzCommand;
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
            EmbedCommand.class,
            TokenizerCommand.class,
            FuzzCommand.class
        })
public final class Main extends StepsCommand {

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }
}
