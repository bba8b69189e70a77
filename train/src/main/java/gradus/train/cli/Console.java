package gradus.train.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// Where results and messages go: results to `out`, everything else to `err`.
///
/// @param terminal whether `err` is a terminal, which can show a line that changes
record Console(PrintStream out, PrintStream err, boolean terminal) {

    /// The process's own streams, in UTF-8 whatever the locale.
    static Console ofProcess() {
        return new Console(utf8(FileDescriptor.out), utf8(FileDescriptor.err), isTerminal());
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /// The launcher knows; without it, Java can tell for stdin and stdout only.
    private static boolean isTerminal() {
        String told = System.getProperty("gradus.terminal");
        return told != null
                ? Boolean.parseBoolean(told)
                : System.console() != null && System.console().isTerminal();
    }
}
