package gradus.train.cli;

import gradus.error.GradusException;
import gradus.error.UsageException;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Tells an error in one line on stderr, and in the exit code: 2 when the command line is at fault, else 1. With
/// `GRADUS_JAVA_OPTS=-Dgradus.trace=true` the stack trace follows.
final class Errors implements IParameterExceptionHandler, IExecutionExceptionHandler {
    static final int FAILURE = 1;
    static final int USAGE = 2;

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        tell(e.getCommandLine(), message(e) + " (see " + command + " --help)", e);
        return USAGE;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine commandLine, ParseResult parsed) {
        if (e instanceof GradusException) {
            tell(commandLine, e.getMessage(), e);
            return e instanceof UsageException ? USAGE : FAILURE;
        }
        tell(commandLine, "an error inside Gradus: " + e + "; -Dgradus.trace=true in GRADUS_JAVA_OPTS shows where", e);
        return FAILURE;
    }

    private static String message(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)) {
            return e.getMessage();
        }
        String unknown = unmatched.getUnmatched().getFirst();
        String name = unknown.replaceFirst("=.*", "");
        CommandLine commandLine = e.getCommandLine();
        Optional<String> meant = name.startsWith("-")
                ? Nearest.to(name, commandLine.getCommandSpec().optionsMap().keySet())
                : Nearest.to(name, commandLine.getSubcommands().keySet());
        return "unknown " + (name.startsWith("-") ? "option " : "argument ") + name
                + meant.map(it -> "; did you mean " + it + "?").orElse("");
    }

    private static void tell(CommandLine commandLine, String message, Exception e) {
        String line = String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", "; ");
        commandLine.getErr().println("gradus: " + line);
        if (Boolean.getBoolean("gradus.trace")) {
            e.printStackTrace(commandLine.getErr());
        }
    }
}
