package gradus.train.cli.data;

import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `gradus data`
@Command(
        name = "data",
        description = "Makes data to learn from.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "(instructions | answers | preferences)",
        footer = {
            "",
            "Examples:",
            "  gradus data instructions --out chat.jsonl --held-out asked.jsonl",
            "  gradus data answers --task addition --out sums.txt",
            "  gradus data preferences --out pairs.jsonl",
            "",
            "`gradus data self-instruct` and `gradus data evolve` let a model write instructions; each has",
            "its own --help."
        })
public final class DataCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    private DataCommand() {}

    public static CommandLine commandLine(Console console) {
        return new CommandLine(new DataCommand())
                .addSubcommand(new DataInstructionsCommand(console))
                .addSubcommand(new DataAnswersCommand(console))
                .addSubcommand(new DataPreferencesCommand(console))
                .addSubcommand(new DataPairsCommand(console));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "missing command: instructions, answers, preferences or pairs");
    }
}
