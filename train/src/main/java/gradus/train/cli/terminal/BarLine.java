package gradus.train.cli.terminal;

import gradus.error.Printable;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/// A bar's place on the screen: the last line, drawn over again and again, with what is said above it. The bar draws
/// from a thread of its own, so lines take turns.
public final class BarLine implements ProgressBarConsumer {
    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final int DRAWN_EVERY = 250; // milliseconds

    private final PrintStream screen;

    private BarLine(PrintStream screen) {
        this.screen = screen;
    }

    /// What was made: the bar and the line it is drawn in.
    public record Drawn(ProgressBar bar, BarLine line) {}

    /// A bar.
    ///
    /// @param screen takes escape sequences, as the process's stderr on a terminal
    /// @param task   what is under way
    /// @param most   how many steps there are
    public static Drawn bar(PrintStream screen, String task, long most) {
        return drawn(screen, new ProgressBarBuilder().setTaskName(task).setInitialMax(most));
    }

    /// A bar that somebody else tells the time left.
    public static Drawn bar(PrintStream screen, String task, long most, Supplier<Optional<Duration>> left) {
        return drawn(
                screen,
                new ProgressBarBuilder().setTaskName(task).setInitialMax(most).setEtaFunction(state -> left.get()));
    }

    private static Drawn drawn(PrintStream screen, ProgressBarBuilder builder) {
        BarLine line = new BarLine(screen);
        ProgressBar bar = builder.setStyle(ProgressBarStyle.UNICODE_BLOCK)
                .setUpdateIntervalMillis(DRAWN_EVERY)
                .setConsumer(line)
                .build();
        return new Drawn(bar, line);
    }

    /// One column stays free: a character in the last one would begin a new line on some terminals. Asked at each
    /// drawing, since windows change their size.
    @Override
    public int getMaxRenderedLength() {
        return Terminal.columns(Terminal.ERR) - 1;
    }

    @Override
    public synchronized void accept(String bar) {
        screen.print(CLEAR_LINE + bar);
        screen.flush();
    }

    /// Says something above the bar, which is drawn again below it.
    public synchronized void say(String text) {
        screen.println(CLEAR_LINE + Printable.escaped(text));
    }

    @Override
    public synchronized void close() {
        screen.println();
    }
}
