package gradus.tensor.kernel.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The emulated device as a test sees it: what it found, what it counted, and what a test may change about it. It is
/// the same device that computes when the property `gradus.cuda.driver` names the same library.
public final class EmulatorControls {
    public static final int ASCENDING = 0;
    public static final int DESCENDING = 1;
    public static final int SHUFFLED = 2;

    private final SymbolLookup library;
    private final Map<String, MethodHandle> handles = new ConcurrentHashMap<>();

    public EmulatorControls(Path library) {
        this.library = SymbolLookup.libraryLookup(library, Arena.global());
    }

    /// What is wrong, in words; empty as long as nothing is.
    public String complaint() {
        MemorySegment text = (MemorySegment) call("gradusEmulatorComplaint", ValueLayout.ADDRESS);
        return text.reinterpret(Long.MAX_VALUE).getString(0);
    }

    /// Forgets the complaint, the lost context and all planned failures; keeps memory, modules and settings.
    public void forgive() {
        call("gradusEmulatorForgive", null);
    }

    /// The same, and all settings and counters are as at first.
    public void reset() {
        call("gradusEmulatorReset", null);
    }

    /// A new machine: the same, and all memory, contexts and modules are gone. Nobody else may hold the device.
    public void restart() {
        call("gradusEmulatorRestart", null);
    }

    /// After `calls` more calls that succeed, the function of the driver gives this error at every call; 0 ends that.
    public void fail(String function, int calls, int error) {
        try (Arena arena = Arena.ofConfined()) {
            call("gradusEmulatorFail", null, arena.allocateFrom(function), calls, error);
        }
    }

    /// How often a function of the driver was called.
    public long calls(String function) {
        try (Arena arena = Arena.ofConfined()) {
            return (long) call("gradusEmulatorCalls", ValueLayout.JAVA_LONG, arena.allocateFrom(function));
        }
    }

    public long launches() {
        return (long) call("gradusEmulatorLaunches", ValueLayout.JAVA_LONG);
    }

    public long synchronisations() {
        return (long) call("gradusEmulatorSynchronisations", ValueLayout.JAVA_LONG);
    }

    /// The allocations of device memory that are not freed.
    public long live() {
        return (long) call("gradusEmulatorLive", ValueLayout.JAVA_LONG);
    }

    /// The allocations of pinned memory that are not freed.
    public long pinned() {
        return (long) call("gradusEmulatorPinned", ValueLayout.JAVA_LONG);
    }

    /// In which order blocks and threads run.
    public void order(int order) {
        call("gradusEmulatorOrder", null, order);
    }

    /// The device's memory in bytes.
    public void memory(long bytes) {
        call("gradusEmulatorMemory", null, bytes);
    }

    public void devices(int count) {
        call("gradusEmulatorDevices", null, count);
    }

    /// The driver's version: 12040 for CUDA 12.4.
    public void driver(int version) {
        call("gradusEmulatorDriver", null, version);
    }

    /// The compute capability: 75 for sm_75.
    public void capability(int tenfold) {
        call("gradusEmulatorCapability", null, tenfold);
    }

    /// 0 default, 2 prohibited, 3 exclusive while another process has the device.
    public void computeMode(int mode) {
        call("gradusEmulatorComputeMode", null, mode);
    }

    /// The most shared memory of a block, for kernels that ask for more than 48 KB.
    public void shared(int bytes) {
        call("gradusEmulatorShared", null, bytes);
    }

    /// Work waits until somebody synchronises, as on a card: finds results that are read too early, and pinned memory
    /// that is written again too early.
    public void lazy(boolean lazy) {
        call("gradusEmulatorLazy", null, lazy ? 1 : 0);
    }

    /// From now on a page that nobody may touch follows each allocation: finds reads past the end too.
    public void fence(boolean fence) {
        call("gradusEmulatorFence", null, fence ? 1 : 0);
    }

    /// A function of the driver: its error.
    int driver(String function, Object... arguments) {
        return (int) call(function, ValueLayout.JAVA_INT, arguments);
    }

    private Object call(String function, MemoryLayout result, Object... arguments) {
        MemoryLayout[] layouts = new MemoryLayout[arguments.length];
        for (int i = 0; i < layouts.length; i++) {
            layouts[i] = switch (arguments[i]) {
                case Integer _ -> ValueLayout.JAVA_INT;
                case Long _ -> ValueLayout.JAVA_LONG;
                default -> ValueLayout.ADDRESS;
            };
        }
        FunctionDescriptor types =
                result == null ? FunctionDescriptor.ofVoid(layouts) : FunctionDescriptor.of(result, layouts);
        try {
            return handles.computeIfAbsent(
                            function + types,
                            _ -> Linker.nativeLinker()
                                    .downcallHandle(library.find(function).orElseThrow(), types))
                    .invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new AssertionError(function, e);
        }
    }
}
