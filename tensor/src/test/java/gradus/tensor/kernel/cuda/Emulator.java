package gradus.tensor.kernel.cuda;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import gradus.tensor.kernel.Device;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The emulated card, in place of the driver: what a test sets and asks of it beside what CUDA has.
public final class Emulator {
    /// In how many orders it runs the threads of a block.
    public static final int ORDERS = 3;

    private static Optional<Emulator> started;

    private final Linker linker = Linker.nativeLinker();
    private final SymbolLookup library;
    private final Device device = new CudaDevice();

    private Emulator(Path library) {
        System.setProperty(DriverLibrary.PROPERTY, library.toString());
        this.library = SymbolLookup.libraryLookup(library, Arena.global());
        try { // for the tests of other modules
            Files.writeString(library.getParent().resolveSibling("current.txt"), library.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The card, or nothing where g++ is missing. From now on `gpu` means it.
    public static synchronized Optional<Emulator> start() {
        if (started == null) {
            started = EmulatedDriver.library().map(Emulator::new);
        }
        return started;
    }

    public Device device() {
        return device;
    }

    /// 0 the threads and blocks in turn, 1 from the last to the first, 2 shuffled.
    public void order(int order) {
        call("gradusEmulatorOrder", JAVA_INT, order);
    }

    /// How many bytes the card has.
    public void memory(long bytes) {
        call("gradusEmulatorMemory", JAVA_LONG, bytes);
    }

    /// How many blocks of its memory are taken.
    public long live() {
        return number("gradusEmulatorLive");
    }

    public long launches() {
        return number("gradusEmulatorLaunches");
    }

    public long synchronisations() {
        return number("gradusEmulatorSynchronisations");
    }

    /// What it found fault with, or an empty text.
    public String complaint() {
        long text = number("gradusEmulatorComplaint");
        return text == 0
                ? ""
                : MemorySegment.ofAddress(text).reinterpret(1 << 16).getString(0);
    }

    /// Lets a function of the driver fail with an error after so many calls.
    public void fail(String function, int afterCalls, int error) {
        try (Arena arena = Arena.ofConfined()) {
            linker.downcallHandle(
                            library.findOrThrow("gradusEmulatorFail"),
                            FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT, JAVA_INT))
                    .invokeWithArguments(arena.allocateFrom(function).address(), afterCalls, error);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /// Forgets faults, failures to come and settings.
    public void reset() {
        try {
            linker.downcallHandle(library.findOrThrow("gradusEmulatorReset"), FunctionDescriptor.ofVoid())
                    .invokeWithArguments();
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /// Sets a number by the name of the function that does it.
    public void set(String function, int value) {
        call(function, JAVA_INT, value);
    }

    private void call(String function, MemoryLayout type, Object value) {
        try {
            linker.downcallHandle(library.findOrThrow(function), FunctionDescriptor.ofVoid(type))
                    .invokeWithArguments(value);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    private long number(String function) {
        try {
            return (long) linker.downcallHandle(library.findOrThrow(function), FunctionDescriptor.of(JAVA_LONG))
                    .invokeWithArguments();
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }
}
