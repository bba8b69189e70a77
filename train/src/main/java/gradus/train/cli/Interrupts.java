package gradus.train.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/// What Ctrl-C and `kill` do while a model trains: the first asks to stop after the current step, so that what was
/// learnt is kept; the second ends the program at once.
final class Interrupts implements AutoCloseable {
    private static final List<String> NAMES = List.of("INT", "TERM", "HUP");

    private final Map<Signal, SignalHandler> before = new LinkedHashMap<>();
    private final Runnable stop;
    private final IntConsumer quit;
    private volatile Signal first;

    private Interrupts(Runnable stop, IntConsumer quit) {
        this.stop = stop;
        this.quit = quit;
    }

    /// Listens until closed.
    ///
    /// @param stop asks the work to end soon
    /// @param quit ends the program with the given exit code now
    static Interrupts listen(Runnable stop, IntConsumer quit) {
        Interrupts interrupts = new Interrupts(stop, quit);
        for (String name : NAMES) {
            try {
                Signal signal = new Signal(name);
                interrupts.before.put(signal, Signal.handle(signal, interrupts::receive));
            } catch (IllegalArgumentException unknownHere) {
                // Windows has no HUP, and a JVM started with -Xrs leaves signals alone.
            }
        }
        return interrupts;
    }

    private synchronized void receive(Signal signal) {
        if (first != null) {
            quit.accept(exitCode(signal));
        } else {
            first = signal;
            stop.run();
        }
    }

    /// Whether one has come.
    boolean received() {
        return first != null;
    }

    /// What the shell expects of a program that a signal ended: 128 plus its number, 130 for Ctrl-C, 143 for `kill`; 0
    /// if none came.
    int exitCode() {
        return first == null ? 0 : exitCode(first);
    }

    private static int exitCode(Signal signal) {
        return 128 + signal.getNumber();
    }

    @Override
    public void close() {
        before.forEach(Signal::handle);
    }
}
