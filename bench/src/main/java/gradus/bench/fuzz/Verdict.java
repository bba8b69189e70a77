package gradus.bench.fuzz;

import gradus.error.GradusException;
import java.nio.file.Path;
import java.util.Optional;

/// What a reader may do with a damaged file: read it, or throw an exception of Gradus's own whose message is short,
/// plain and names a file of the folder.
final class Verdict {
    /// CPU seconds that one file may take.
    static final double LONGEST = 2;

    private static final int LONGEST_MESSAGE = 500;

    private Verdict() {}

    /// @param thrown  what the reader threw, or null
    /// @param seconds of CPU that it took
    /// @return what is wrong with that, if anything
    static Optional<String> of(Throwable thrown, double seconds, Path folder) {
        if (seconds > LONGEST) {
            return Optional.of("takes over " + (int) LONGEST + " s of CPU");
        }
        if (thrown == null) {
            return Optional.empty();
        }
        if (!(thrown instanceof GradusException)) {
            return Optional.of("throws " + thrown.getClass().getName() + " at " + place(thrown));
        }
        return ofMessage(thrown.getMessage(), folder).map(fault -> fault + " at " + place(thrown));
    }

    /// The same for a message alone.
    static Optional<String> ofMessage(String message, Path folder) {
        if (message == null) {
            return Optional.of("has no message");
        }
        if (message.length() > LONGEST_MESSAGE) {
            return Optional.of("has a message of over 500 characters");
        }
        if (message.codePoints().anyMatch(c -> Character.isISOControl(c) || c >= 0xD800 && c <= 0xDFFF)) {
            return Optional.of("has a control character in its message");
        }
        return message.contains(folder.toString()) ? Optional.empty() : Optional.of("has a message that names no file");
    }

    /// The innermost place within Gradus that is no check.
    private static String place(Throwable thrown) {
        for (StackTraceElement frame : thrown.getStackTrace()) {
            boolean own = frame.getClassName().startsWith("gradus.")
                    && !frame.getClassName().startsWith("gradus.error.")
                    && !frame.getMethodName().startsWith("require");
            if (own) {
                return frame.getClassName() + "." + frame.getMethodName() + ":" + frame.getLineNumber();
            }
        }
        return "?";
    }
}
