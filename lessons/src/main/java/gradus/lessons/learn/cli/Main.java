package gradus.lessons.learn.cli;

import gradus.error.UsageException;
import gradus.lessons.lab.LabCommand;
import gradus.lessons.learn.shell.ShellCommand;
import gradus.lessons.prompt.cli.PromptCommand;
import gradus.lessons.prompt.data.cli.LoopsCommand;
import gradus.lessons.retrieve.chunk.cli.ChunkCommand;
import gradus.lessons.retrieve.cli.RagCommand;
import gradus.train.cli.Errors;
import gradus.train.cli.Strictness;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Arguments;
import gradus.train.cli.terminal.Console;
import gradus.train.cli.terminal.Stderr;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The part of the program `gradus` that teaches: `gradus learn`, `gradus shell`, `gradus lab`, `gradus
/// chunk`, `gradus rag`, `gradus prompt`, and the loops of `gradus data` in which a model writes.
@Command(
        name = "gradus",
        description = "Learn how language models work by writing their parts.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    private Main() {}

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "missing command: learn, shell, lab, chunk, rag or prompt");
    }

    public static void main(String[] arguments) {
        Stderr.restore();
        Console console = Console.ofProcess();
        int code;
        try {
            code = run(Work.of(console), Arguments.typed(arguments));
        } catch (UsageException e) {
            code = new Errors(console).handleExecutionException(e, null, null);
        }
        System.exit(code);
    }

    /// Runs one command line.
    ///
    /// @return the exit code: 0, 1 when something failed or an answer is not right, 2 when the command line
    ///     is at fault
    static int run(Work work, String... arguments) {
        Errors errors = new Errors(work.console());
        try {
            int code = commandLine(work, errors).execute(arguments);
            Optional<String> failure = work.console().failure();
            failure.ifPresent(reason -> work.screen().message("standard output cannot be written: " + reason));
            return code == 0 && failure.isPresent() ? Errors.FAILURE : code;
        } catch (Error e) {
            return errors.handleError(e);
        }
    }

    static CommandLine commandLine(Work work, Errors errors) {
        return new CommandLine(new Main())
                .addSubcommand(LearnCommand.commandLine(work))
                .addSubcommand(new ShellCommand())
                .addSubcommand(LabCommand.commandLine(work.console()))
                .addSubcommand(new ChunkCommand(work.console()))
                .addSubcommand(RagCommand.commandLine(work.console()))
                .addSubcommand(PromptCommand.commandLine(work.console()))
                .addSubcommand(LoopsCommand.commandLine(work.console()))
                .registerConverter(Path.class, Errors::path)
                .setExpandAtFiles(false)
                .setUsageHelpAutoWidth(true)
                .setExecutionStrategy(new Strictness())
                .setParameterExceptionHandler(errors)
                .setExecutionExceptionHandler(errors)
                .setOut(writer(work.console().raw()))
                .setErr(writer(work.console().err()));
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }
}
