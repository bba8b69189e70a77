package gradus.train;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gradus.tensor.kernel.Device;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// The emulated card of the module `tensor`, whose tests compile it: while this is open, `gpu` means it. Afterwards new
/// tensors are made where they were before.
public final class EmulatedGpu implements AutoCloseable {
    private static final Path NAMED = Path.of("../tensor/target/emulator/current.txt");
    private static final String DRIVER = "gradus.cuda.driver";

    private final Device before = Device.current();
    private final SymbolLookup library;

    private EmulatedGpu(Path library) {
        this.library = SymbolLookup.libraryLookup(library, Arena.global());
        System.setProperty(DRIVER, library.toString());
    }

    /// The card; the test is skipped if the tests of `tensor` have not made it.
    public static EmulatedGpu open() {
        assumeTrue(Files.exists(NAMED), "no emulated card: it comes from the tests of tensor, which need g++");
        try {
            return new EmulatedGpu(Path.of(Files.readString(NAMED)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// How often the program waited for the card.
    public long synchronisations() {
        return number("gradusEmulatorSynchronisations");
    }

    /// Blocks of the card's memory that are taken.
    public long live() {
        return number("gradusEmulatorLive");
    }

    public String complaint() {
        MemorySegment text = (MemorySegment) call(ValueLayout.ADDRESS, "gradusEmulatorComplaint");
        return text.reinterpret(Long.MAX_VALUE).getString(0);
    }

    /// Sets a number by the name of what it is, such as `Devices`.
    public void set(String what, int value) {
        call(null, "gradusEmulator" + what, value);
    }

    /// How many bytes the card has.
    public void memory(long bytes) {
        call(null, "gradusEmulatorMemory", bytes);
    }

    /// After so many more calls that succeed, the driver's function gives this error.
    public void fail(String function, int calls, int error) {
        try (Arena arena = Arena.ofConfined()) {
            call(null, "gradusEmulatorFail", arena.allocateFrom(function), calls, error);
        }
    }

    /// Forgets all faults and settings; memory stays.
    public void reset() {
        call(null, "gradusEmulatorReset");
    }

    @Override
    public void close() {
        reset();
        Device.use(before);
        System.clearProperty(DRIVER);
    }

    private long number(String function) {
        return (long) call(ValueLayout.JAVA_LONG, function);
    }

    private Object call(MemoryLayout result, String function, Object... arguments) {
        MemoryLayout[] types = Arrays.stream(arguments)
                .map(argument -> switch (argument) {
                    case Integer _ -> ValueLayout.JAVA_INT;
                    case Long _ -> ValueLayout.JAVA_LONG;
                    default -> ValueLayout.ADDRESS;
                })
                .toArray(MemoryLayout[]::new);
        FunctionDescriptor type =
                result == null ? FunctionDescriptor.ofVoid(types) : FunctionDescriptor.of(result, types);
        try {
            return Linker.nativeLinker()
                    .downcallHandle(library.findOrThrow(function), type)
                    .invokeWithArguments(arguments);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }
}
