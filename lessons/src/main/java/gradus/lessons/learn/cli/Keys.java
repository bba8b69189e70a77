package gradus.lessons.learn.cli;

import gradus.train.cli.terminal.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jline.terminal.Attributes;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.NonBlockingReader;

/// Where a learner's keys come from: single keys from a terminal, else lines.
interface Keys extends AutoCloseable {
    int STDIN = 0;
    int INTERRUPTED = 130;
    int CTRL_C = 3;
    int CTRL_D = 4;
    long LOOK_MILLIS = 100;

    /// Whether a key counts at once, without Enter.
    boolean single();

    @Override
    void close();

    /// The process's own.
    static Keys ofProcess(Consumer<Event> events) {
        if (Terminal.is(STDIN) && Terminal.is(Terminal.OUT)) {
            try {
                return ofTerminal(events);
            } catch (IOException | RuntimeException unsupported) {
                events.accept(new Event.Note("this terminal gives no single keys; press Enter after each"));
            }
        }
        return ofLines(System.in, events);
    }

    /// The terminal's Ctrl-C ends the session like `q`, so that the terminal is left as it was.
    private static Keys ofTerminal(Consumer<Event> events) throws IOException {
        org.jline.terminal.Terminal terminal =
                TerminalBuilder.builder().system(true).graphemeCluster(false).build();
        Attributes before = terminal.enterRawMode();
        terminal.handle(org.jline.terminal.Terminal.Signal.INT, signal -> events.accept(new Event.End(INTERRUPTED)));
        AtomicBoolean closed = new AtomicBoolean();
        NonBlockingReader reader = terminal.reader();
        Thread.ofPlatform().daemon().name("keys").start(() -> read(reader, closed, events));
        return new Keys() {
            @Override
            public boolean single() {
                return true;
            }

            @Override
            public void close() {
                closed.set(true);
                try {
                    terminal.setAttributes(before);
                    terminal.close();
                } catch (IOException | RuntimeException gone) {
                    // the window was closed
                }
            }
        };
    }

    /// Asks again and again: a reader that waits without end cannot be closed.
    private static void read(NonBlockingReader reader, AtomicBoolean closed, Consumer<Event> events) {
        try {
            while (!closed.get()) {
                int c = reader.read(LOOK_MILLIS);
                switch (c) {
                    case NonBlockingReader.READ_EXPIRED, '\r', '\n' -> {}
                    case CTRL_C -> events.accept(new Event.End(INTERRUPTED)); // where it is a key and no signal
                    case NonBlockingReader.EOF, CTRL_D -> {
                        events.accept(new Event.End(0));
                        return;
                    }
                    default -> events.accept(new Event.Key((char) c));
                }
            }
        } catch (IOException | RuntimeException gone) {
            events.accept(new Event.End(0));
        }
    }

    /// The first letter of each line.
    static Keys ofLines(InputStream in, Consumer<Event> events) {
        Thread.ofPlatform().daemon().name("lines").start(() -> {
            try {
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
                for (String line; (line = lines.readLine()) != null; ) {
                    if (!line.isBlank()) {
                        events.accept(new Event.Key(line.strip().charAt(0)));
                    }
                }
            } catch (IOException closed) {
                // as if it had ended
            }
            events.accept(new Event.End(0));
        });
        return new Keys() {
            @Override
            public boolean single() {
                return false;
            }

            @Override
            public void close() {}
        };
    }
}
