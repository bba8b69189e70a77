package gradus.train.cli;

import gradus.train.TrainingListener;
import java.util.Locale;

/// Shows how training goes.
interface Progress extends TrainingListener, AutoCloseable {
    /// Said after the last step, since the last evaluation takes a while.
    String LAST = "measuring the validation loss on all the text held back";

    /// Tells something beside the progress.
    void say(String line);

    @Override
    void close();

    /// A bar that moves on a terminal, plain lines now and then elsewhere.
    static Progress on(Console console, int steps) {
        return console.terminal()
                ? new ProgressOnTerminal(console.err(), steps)
                : new ProgressInLines(console.err(), steps);
    }

    /// A number as everybody in this program writes it.
    static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
