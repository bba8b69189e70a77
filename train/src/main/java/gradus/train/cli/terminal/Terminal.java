package gradus.train.cli.terminal;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;

/// What the system says of the terminal behind one of the process's streams.
///
/// A terminal library would tell it too, but takes the signals of the terminal for itself when it opens one, and with
/// them the handler that saves a training at Ctrl-C.
public final class Terminal {
    public static final int OUT = 1;
    public static final int ERR = 2;

    private static final int USUAL_COLUMNS = 80;
    private static final int ROWS_AND_COLUMNS =
            8; // struct winsize: rows, columns and two sizes in pixels, 16 bits each
    private static final long ASK_LINUX = 0x5413; // TIOCGWINSZ
    private static final long ASK_BSD = 0x40087468; // the same on macOS

    private Terminal() {}

    /// Whether the stream with this number is a terminal.
    public static boolean is(int stream) {
        try {
            Linker linker = Linker.nativeLinker();
            var isatty = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("isatty"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));
            return (int) isatty.invokeExact(stream) == 1;
        } catch (Throwable notPosix) {
            return System.console() != null && System.console().isTerminal();
        }
    }

    /// Whether a line on it can be drawn over. A terminal that calls itself dumb, or nothing at all, only prints.
    ///
    /// @param type what the environment's `TERM` says, or null
    public static boolean redraws(int stream, String type) {
        boolean windows = System.getProperty("os.name").startsWith("Windows");
        return is(stream) && (windows || type != null && !type.isEmpty() && !type.equals("dumb"));
    }

    /// How many characters go into a line, as the window is now; 80 where nobody says.
    public static int columns(int stream) {
        try (Arena arena = Arena.ofConfined()) {
            Linker linker = Linker.nativeLinker();
            var ioctl = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("ioctl"),
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
                    Linker.Option.firstVariadicArg(2));
            long ask = System.getProperty("os.name").equals("Linux") ? ASK_LINUX : ASK_BSD;
            MemorySegment size = arena.allocate(ROWS_AND_COLUMNS, JAVA_SHORT.byteAlignment());
            int failed = (int) ioctl.invokeExact(stream, ask, size);
            int columns = Short.toUnsignedInt(size.getAtIndex(JAVA_SHORT, 1));
            return failed != 0 || columns == 0 ? USUAL_COLUMNS : columns;
        } catch (Throwable notPosix) {
            return USUAL_COLUMNS;
        }
    }
}
