package gradus.train.cli.terminal;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;

/// Gives the process its stderr back. A JVM with the vector module says `Using incubator modules` at every start, and
/// no option silences it. So the launcher starts Java with stderr led through a filter for that one line, so that a
/// JVM that cannot start is still heard, and keeps the real one open under another number.
public final class Stderr {
    private static final int NUMBER = 2;

    private Stderr() {}

    /// From here on everything goes to the real stderr; does nothing if the launcher did not lead it elsewhere.
    public static void restore() {
        Integer real = Integer.getInteger("gradus.stderr");
        if (real == null) {
            return;
        }
        Linker linker = Linker.nativeLinker();
        try {
            var dup2 = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("dup2"), FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
            var close = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("close"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));
            if ((int) dup2.invokeExact((int) real, NUMBER) == NUMBER) {
                int closed = (int) close.invokeExact((int) real);
            }
        } catch (Throwable unsupported) {
            // The filter stays in place and passes everything on.
        }
    }
}
