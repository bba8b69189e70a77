package gradus.train.cli;

import com.pty4j.PtyProcess;
import com.pty4j.PtyProcessBuilder;
import com.pty4j.WinSize;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;

/// A program at a terminal that is not there: what it writes, somebody who types, a window that changes its size or is
/// closed. For every command that takes long, to see what a user's Ctrl-C does to it.
final class PseudoTerminal implements AutoCloseable {
    static final int COLUMNS = 100;
    static final String CTRL_C = "\u0003";

    /// Saves a short program some time. Without the second compiler vectors would take a hundred times longer.
    static final List<String> QUICK_START = List.of("-XX:+UseSerialGC");

    private static final int PATIENCE_SECONDS = 90;

    private final PtyProcess process;
    private final StringBuilder shown = new StringBuilder();
    private final Thread reader;

    private PseudoTerminal(PtyProcess process) {
        this.process = process;
        this.reader = Thread.ofVirtual().start(this::read);
    }

    /// Starts the program of this class path.
    static PseudoTerminal gradus(String... arguments) throws IOException {
        return start(
                Cli.process(QUICK_START, "gradus.train.cli.Main", arguments).command(),
                Map.of("TERM", "xterm-256color"));
    }

    /// Starts a program.
    ///
    /// @param environment what it finds beside this process's own; an empty value takes a variable away
    static PseudoTerminal start(List<String> command, Map<String, String> environment) throws IOException {
        Map<String, String> all = new HashMap<>(System.getenv());
        environment.forEach((name, value) -> {
            if (value.isEmpty()) {
                all.remove(name);
            } else {
                all.put(name, value);
            }
        });
        return new PseudoTerminal(new PtyProcessBuilder(command.toArray(String[]::new))
                .setEnvironment(all)
                .setInitialColumns(COLUMNS)
                .setInitialRows(24)
                .start());
    }

    private void read() {
        char[] some = new char[4096];
        try (Reader in = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
            for (int n; (n = in.read(some)) >= 0; ) {
                synchronized (shown) {
                    shown.append(some, 0, n);
                }
            }
        } catch (IOException gone) {
            // A terminal ends so when its program does.
        }
    }

    /// Everything that came so far, escape sequences included.
    String shown() {
        synchronized (shown) {
            return shown.toString();
        }
    }

    /// Waits until the program has shown something.
    void await(String text) throws InterruptedException {
        await(text, 0);
    }

    /// Waits until the program has shown something after a position in what it has shown.
    void await(String text, int from) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (find(text, from) < 0) {
            if (!process.isAlive()) {
                reader.join();
                if (find(text, from) >= 0) {
                    return;
                }
                Assertions.fail("ended with %d before it said '%s':%n%s", process.exitValue(), text, shown());
            }
            if (System.nanoTime() > end) {
                Assertions.fail("'%s' does not come:%n%s", text, shown());
            }
            Thread.sleep(20);
        }
    }

    /// Where a text begins in what was shown; -1 if it does not.
    int find(String text, int from) {
        synchronized (shown) {
            return shown.indexOf(text, from);
        }
    }

    /// Presses keys.
    void type(String keys) throws IOException {
        if (keys.contains(CTRL_C)) {
            InterruptsTest.assumeHeard("INT");
        }
        process.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    void resize(int columns) {
        process.setWinSize(new WinSize(columns, 24));
    }

    /// Sends a signal, as `kill` does.
    void signal(String name) throws IOException, InterruptedException {
        InterruptsTest.assumeHeard(name);
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /// Closes the window.
    void hangUp() throws IOException {
        InterruptsTest.assumeHeard("HUP");
        process.getOutputStream().close();
        process.getInputStream().close();
    }

    /// Waits for the program's end.
    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            Assertions.fail("does not end:%n%s", shown());
        }
        reader.join(TimeUnit.SECONDS.toMillis(10));
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
