package gradus.train.cli;

import gradus.error.UsageException;
import gradus.train.cli.chat.ChatCommand;
import gradus.train.cli.data.DataCommand;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Arguments;
import gradus.train.cli.terminal.Console;
import gradus.train.cli.terminal.Stderr;
import gradus.train.cli.tokenizer.TokenizerCommand;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntConsumer;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The program `gradus`.
@Command(
        name = "gradus",
        description = "Trains language models from scratch, to learn how they work.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel =
                "(train | finetune | align | merge | sample | chat | data | eval | report | compare | sweep | export | convert | tokenizer | inspect | components | doctor | learn | shell | bench)",
        footer = {
            "",
            "Start with:  gradus train",
            "",
            "Separate programs, each with its own --help: `gradus learn` is a course of",
            "exercises, `gradus shell` runs single lines of Java, `gradus bench` measures speed.",
            "Environment: GRADUS_JAVA_OPTS, further options for the JVM; GRADUS_BACKEND=cuda, ND4J's own",
            "CUDA kernels for GPUs that are too old for --device gpu."
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    private Main() {}

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "missing command: train, finetune, align, merge, sample, chat, data, eval, report, compare, sweep, export, convert, tokenizer, inspect, components or doctor");
    }

    public static void main(String[] arguments) {
        Stderr.restore();
        Console console = Console.ofProcess();
        int code;
        try {
            code = run(console, Runtime.getRuntime()::halt, Arguments.typed(arguments));
        } catch (UsageException e) {
            code = new Errors(console).handleExecutionException(e, null, null);
        }
        System.exit(code);
    }

    /// Runs one command line within this process, for programs and tests that look at what it says.
    ///
    /// @return the exit code
    public static int run(PrintStream out, PrintStream err, String... arguments) {
        return run(Console.of(out, err), code -> {}, arguments);
    }

    /// Runs one command line.
    ///
    /// @param quit ends the program at once, for a second interrupt
    /// @return the exit code: 0, 1 when something failed, 2 when the command line is at fault, 128 + n for
    ///     signal n
    public static int run(Console console, IntConsumer quit, String... arguments) {
        Errors errors = new Errors(console);
        try (Warnings warnings = Warnings.to(console)) {
            return finished(console, commandLine(console, quit, errors).execute(arguments));
        } catch (Error e) {
            return errors.handleError(e);
        }
    }

    static CommandLine commandLine(Console console, IntConsumer quit, Errors errors) {
        return settings(new CommandLine(new Main())
                        .addSubcommand(TrainCommand.commandLine(console, quit))
                        .addSubcommand(FinetuneCommand.commandLine(console, quit))
                        .addSubcommand(AlignCommand.commandLine(console, quit))
                        .addSubcommand(new MergeCommand(console))
                        .addSubcommand(new SampleCommand(console))
                        .addSubcommand(new ChatCommand(console, quit))
                        .addSubcommand(DataCommand.commandLine(console))
                        .addSubcommand(new EvalCommand(console))
                        .addSubcommand(new ReportCommand(console))
                        .addSubcommand(new CompareCommand(console))
                        .addSubcommand(new SweepCommand(console, quit))
                        .addSubcommand(new ExportCommand(console))
                        .addSubcommand(new ConvertCommand(console))
                        .addSubcommand(TokenizerCommand.commandLine(console))
                        .addSubcommand(new InspectCommand(console))
                        .addSubcommand(new ComponentsCommand(console))
                        .addSubcommand(new DoctorCommand(console))
                        .addSubcommand(new AutoComplete.GenerateCompletion()))
                .setExecutionStrategy(new Strictness())
                .setParameterExceptionHandler(errors)
                .setExecutionExceptionHandler(errors)
                .setOut(writer(console.raw()))
                .setErr(writer(console.err()));
    }

    /// How arguments are read, by this command and all below it.
    static CommandLine settings(CommandLine command) {
        return command.setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Path.class, Errors::path)
                .setUnmatchedOptionsAllowedAsOptionParameters(
                        false) // --data takes several files, but no mistyped option
                .setExpandAtFiles(false) // a text may begin with @, and names no file by that
                .setUsageHelpAutoWidth(true);
    }

    /// A result that could not be written is none, whatever the command thinks of its work.
    private static int finished(Console console, int code) {
        Optional<String> failure = console.failure();
        failure.ifPresent(reason -> console.err().println("gradus: standard output cannot be written: " + reason));
        return code == 0 && failure.isPresent() ? Errors.FAILURE : code;
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }
}
