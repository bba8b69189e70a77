package gradus.train.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Where results and messages go: results to `out` and `text`, everything else to `err`. All in UTF-8 whatever the
/// locale. The one place that decides what control characters become.
public final class Console {
    private final WatchedOutput results;
    private final PrintStream out;
    private final PrintStream text;
    private final PrintStream raw;
    private final PrintStream err;
    private final PrintStream screen;
    private final boolean redraws;
    private final boolean colors;

    /// @param read    whether `out` is a terminal, where somebody reads it
    /// @param redraws whether `err` is one that can draw over its last line
    /// @param colors  whether `out` shows colours
    private Console(OutputStream out, OutputStream err, boolean read, boolean redraws, boolean colors) {
        this.results = new WatchedOutput(out);
        this.raw = new PrintStream(results, true, StandardCharsets.UTF_8);
        this.out = new PlainStream(results, false);
        this.text = read ? new PlainStream(results, true) : raw;
        this.err = new PlainStream(err, false);
        this.screen = new PrintStream(err, true, StandardCharsets.UTF_8);
        this.redraws = redraws;
        this.colors = colors;
    }

    /// The process's own streams.
    public static Console ofProcess() {
        String type = System.getenv("TERM");
        return new Console(
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                Terminal.is(Terminal.OUT),
                Terminal.redraws(Terminal.ERR, type),
                Terminal.redraws(Terminal.OUT, type) && System.getenv("NO_COLOR") == null);
    }

    /// Two streams that are no terminal.
    public static Console of(OutputStream out, OutputStream err) {
        return new Console(out, err, false, false, false);
    }

    /// Two streams as if they were a terminal.
    static Console ofTerminal(OutputStream out, OutputStream err) {
        return new Console(out, err, true, true, true);
    }

    /// Takes listings and numbers. Control characters are shown as their codes.
    public PrintStream out() {
        return out;
    }

    /// Takes texts that a model wrote or a file holds. On a terminal control characters are shown as their codes;
    /// a file or a pipe gets the text as it is.
    public PrintStream text() {
        return text;
    }

    /// The same stream for what holds this program's own colours.
    public PrintStream raw() {
        return raw;
    }

    /// Takes messages. Control characters are shown as their codes.
    public PrintStream err() {
        return err;
    }

    /// The same stream for a line that is drawn over: see [#redraws].
    public PrintStream screen() {
        return screen;
    }

    /// Whether `err` is a terminal that can show a line that changes.
    public boolean redraws() {
        return redraws;
    }

    /// Whether `raw` shows colours.
    public boolean colors() {
        return colors;
    }

    /// Why the results are not all where they should be, if they are not and somebody would want them.
    public Optional<String> failure() {
        out.flush();
        text.flush();
        raw.flush();
        return results.failure();
    }
}
