package gradus.train.cli;

import gradus.error.GradusException;
import gradus.error.Printable;
import gradus.error.ResourceException;
import gradus.error.UsageException;
import gradus.train.cli.terminal.Arguments;
import gradus.train.cli.terminal.Console;
import gradus.train.run.Nearest;
import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Tells an error in one line on stderr, and in the exit code: 2 when the command line is at fault, else 1.
/// With `GRADUS_JAVA_OPTS=-Dgradus.trace=true` the stack trace follows.
public final class Errors implements IParameterExceptionHandler, IExecutionExceptionHandler {
    public static final int FAILURE = 1;
    public static final int USAGE = 2;

    private static final String TRACE = "; GRADUS_JAVA_OPTS=-Dgradus.trace=true shows where";

    private static final String NOWHERE_TO_UNPACK =
            "ND4J finds no folder to unpack its libraries in: neither the home folder nor the temporary one can be written"
                    + " to; name one that can, as in GRADUS_JAVA_OPTS=-Dorg.bytedeco.javacpp.cachedir=/var/tmp/gradus";

    private final Console console;

    public Errors(Console console) {
        this.console = console;
    }

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        String message = e.getCause() instanceof InvalidPathException name ? message(name) : message(e);
        return tell(USAGE, message.replaceFirst("^Error: ", "") + " (see " + command + " --help)", e);
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine commandLine, ParseResult parsed) {
        return switch (e) {
            case GradusException refused
            when refused.getCause() instanceof InvalidPathException name -> tell(USAGE, message(name), e);
            case UsageException refused -> tell(USAGE, refused.getMessage(), e);
            case ResourceException failed when hasNowhereToUnpack(failed) -> tell(FAILURE, NOWHERE_TO_UNPACK, e);
            case GradusException failed -> tell(FAILURE, failed.getMessage(), e);
            case InvalidPathException name -> tell(USAGE, message(name), e);
            default -> tell(FAILURE, "an error inside Gradus: " + e + TRACE, e);
        };
    }

    /// What Java itself, or a library while it started, could not do. The cause says it best that is nearest
    /// to the fault.
    public int handleError(Error e) {
        GradusException known = null;
        OutOfMemoryError full = null;
        Throwable deepest = e;
        for (Throwable cause = e; cause != null && cause != cause.getCause(); cause = cause.getCause()) {
            known = cause instanceof GradusException told ? told : known;
            full = cause instanceof OutOfMemoryError told ? told : full;
            deepest = cause;
        }
        if (full != null) {
            return tell(FAILURE, message(full), e);
        }
        if (hasNowhereToUnpack(e)) {
            return tell(FAILURE, NOWHERE_TO_UNPACK, e);
        }
        return tell(FAILURE, known != null ? known.getMessage() : "an error inside Gradus: " + deepest + TRACE, e);
    }

    /// Whether the libraries' loader could write to none of the folders that it knows.
    private static boolean hasNowhereToUnpack(Throwable e) {
        for (Throwable cause = e; cause != null && cause != cause.getCause(); cause = cause.getCause()) {
            String reason = String.valueOf(cause.getMessage());
            if (reason.contains("cachedir") || reason.contains("cache directory")) {
                return true;
            }
        }
        return false;
    }

    private static String message(OutOfMemoryError e) {
        String said = String.valueOf(e.getMessage());
        return said.contains("native thread")
                ? "the system allows no more threads (" + said + "); end other programs or raise the limit (ulimit -u)"
                : "the Java heap is full (" + said + ", limit "
                        + Runtime.getRuntime().maxMemory() / (1 << 20)
                        + " MiB); raise it with GRADUS_JAVA_OPTS=-Xmx8g, or make model or batch smaller";
    }

    /// Makes a path of an argument, or says why it is none.
    public static Path path(String argument) {
        try {
            return Path.of(argument);
        } catch (InvalidPathException e) {
            throw new TypeConversionException(message(e));
        }
    }

    private static String message(InvalidPathException e) {
        Charset locale = Arguments.locale();
        return "'" + e.getInput() + "' cannot be the name of a file"
                + (locale.newEncoder().canEncode(e.getInput())
                        ? ": " + e.getReason()
                        : " under this locale, whose charset is " + locale.name()
                                + "; set LC_ALL=C.UTF-8 in the environment");
    }

    /// What is wrong with arguments.
    static String message(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)) {
            return e.getMessage();
        }
        String unknown = unmatched.getUnmatched().isEmpty() // behind an option that takes several values
                ? e.getMessage().replaceFirst("(?s)^[^']*'([^']*)'.*", "$1")
                : unmatched.getUnmatched().getFirst();
        String name = unknown.replaceFirst("=.*", "");
        CommandLine commandLine = e.getCommandLine();
        Optional<String> meant = name.startsWith("-")
                ? Nearest.to(name, commandLine.getCommandSpec().optionsMap().keySet())
                : Nearest.to(name, commandLine.getSubcommands().keySet());
        return "unknown " + (name.startsWith("-") ? "option " : "argument ") + name
                + meant.map(it -> "; did you mean " + it + "?").orElse("");
    }

    private int tell(int code, String message, Throwable e) {
        String line = String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", "; ");
        console.err().println("gradus: " + Printable.message(line));
        if (Boolean.getBoolean("gradus.trace")) {
            e.printStackTrace(console.err());
        }
        return code;
    }
}
