package gradus.lessons.learn.cli;

import gradus.train.cli.terminal.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jline.terminal.Attributes;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.NonBlockingReader;

/// Where a learner's keys come from: single keys from a terminal, else lines.
interface Keys extends AutoCloseable {
    int STDIN = 0;
    int INTERRUPTED = 130;

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
                TerminalBuilder.builder().system(true).build();
        Attributes before = terminal.enterRawMode();
        terminal.handle(
                org.jline.terminal.Terminal.Signal.INT, signal -> events.accept(new Event.End(INTERRUPTED)));
        NonBlockingReader reader = terminal.reader();
        Thread.ofPlatform().daemon().name("keys").start(() -> read(reader, events));
        return new Keys() {
            @Override
            public boolean single() {
                return true;
            }

            @Override
            public void close() {
                try {
                    terminal.setAttributes(before);
                    terminal.close();
                } catch (IOException | RuntimeException gone) {
                    // the window was closed
                }
            }
        };
    }

    private static void read(NonBlockingReader reader, Consumer<Event> events) {
        try {
            for (int c; (c = reader.read()) >= 0; ) {
                switch (c) {
                    case 3 -> events.accept(new Event.End(INTERRUPTED)); // where Ctrl-C is a key and no signal
                    case 4 -> events.accept(new Event.End(0)); // Ctrl-D
                    case '\r', '\n' -> {}
                    default -> events.accept(new Event.Key((char) c));
                }
            }
            events.accept(new Event.End(0));
        } catch (IOException | RuntimeException closed) {
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
