package gradus.lessons.learn.guard;

import gradus.lessons.learn.compile.Loaded;
import gradus.lessons.learn.exercise.Stopped;
import java.util.Locale;

/// The limits of the answer that runs in this process. [Guarded] puts calls of [#check] and [#array] into its
/// code.
public final class Guard {
    private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private static volatile boolean stopped;
    private static volatile long mostBytes = Long.MAX_VALUE;

    private Guard() {}

    /// Begins a new answer.
    ///
    /// @param bytes the most that one array may take
    public static void begin(long bytes) {
        mostBytes = bytes;
        stopped = false;
    }

    /// Ends the answer: whatever its threads do, they are thrown out of it at the next check.
    public static void stop() {
        stopped = true;
    }

    /// Stands at the beginning of every method and `catch`, and where a loop goes back.
    public static void check() {
        if (stopped) {
            throw new Stopped("it does not come to an end" + place());
        }
    }

    /// Stands before a new array.
    ///
    /// @param count   how many elements it is to have
    /// @param element how many bytes each of them takes
    public static void array(int count, int element) {
        size((long) count * element);
    }

    /// The bytes of an array of arrays: those of what is around times the size of the next axis.
    public static long times(long bytes, int count) {
        return count < 0 || bytes < 0 ? -1 : Math.multiplyHigh(bytes, count) == 0 ? bytes * count : Long.MAX_VALUE;
    }

    /// Stands before a new array of arrays.
    public static void size(long bytes) {
        if (bytes > mostBytes) {
            throw new Stopped(String.format(
                    Locale.ROOT, "it asks for an array of %,d bytes%s, and may have %,d", bytes, place(), mostBytes));
        }
    }

    private static String place() {
        int line = WALKER.walk(
                frames -> frames.filter(frame -> frame.getDeclaringClass().getClassLoader() instanceof Loaded)
                        .mapToInt(StackWalker.StackFrame::getLineNumber)
                        .findFirst()
                        .orElse(0));
        return line > 0 ? " (line " + line + ")" : "";
    }
}
