package gradus.tensor.kernel.cuda;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import gradus.error.ResourceException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/// NVIDIA's driver, as C functions that a library of the driver's installation exports. Each returns 0 or the number of
/// an error; here that becomes a [ResourceException] with the function and the error's name. Addresses and handles are
/// plain longs.
///
/// The system property `gradus.cuda.driver` names another library to load instead, which is how the tests compute on
/// an emulated card.
final class CudaDriver {
    private static final int NAME_LENGTH = 256;

    private final DriverLibrary library;
    private final MethodHandle launch;
    private final MethodHandle allocate;
    private final MethodHandle free;
    private final MethodHandle setCurrent;
    private final MethodHandle toDevice;
    private final MethodHandle toHost;
    private final MethodHandle within;
    private final MethodHandle fill;
    private final MethodHandle streamSynchronize;
    private final MethodHandle eventRecord;
    private final MethodHandle eventSynchronize;

    private CudaDriver(DriverLibrary library) {
        this.library = library;
        launch = library.bind(
                "cuLaunchKernel",
                JAVA_LONG,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG);
        allocate = library.bind("cuMemAlloc_v2", JAVA_LONG, JAVA_LONG);
        free = library.bind("cuMemFree_v2", JAVA_LONG);
        setCurrent = library.bind("cuCtxSetCurrent", JAVA_LONG);
        toDevice = library.bind("cuMemcpyHtoDAsync_v2", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
        toHost = library.bind("cuMemcpyDtoHAsync_v2", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
        within = library.bind("cuMemcpyDtoDAsync_v2", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
        fill = library.bind("cuMemsetD32Async", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
        streamSynchronize = library.bind("cuStreamSynchronize", JAVA_LONG);
        eventRecord = library.bind("cuEventRecord", JAVA_LONG, JAVA_LONG);
        eventSynchronize = library.bind("cuEventSynchronize", JAVA_LONG);
    }

    /// Loads the driver's library and starts it.
    ///
    /// @throws ResourceException if there is none, or it finds no card
    static CudaDriver load() {
        CudaDriver driver = new CudaDriver(DriverLibrary.load());
        driver.start();
        return driver;
    }

    /// Calls a function that is needed once or seldom.
    private int seldom(String function, MemoryLayout[] types, Object... arguments) {
        return library.call(function, types, arguments);
    }

    private static final MemoryLayout[] I = {JAVA_INT};
    private static final MemoryLayout[] L = {JAVA_LONG};
    private static final MemoryLayout[] LI = {JAVA_LONG, JAVA_INT};
    private static final MemoryLayout[] LL = {JAVA_LONG, JAVA_LONG};
    private static final MemoryLayout[] LII = {JAVA_LONG, JAVA_INT, JAVA_INT};
    private static final MemoryLayout[] LLI = {JAVA_LONG, JAVA_LONG, JAVA_INT};
    private static final MemoryLayout[] LLL = {JAVA_LONG, JAVA_LONG, JAVA_LONG};
    private static final MemoryLayout[] LLILL = {JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG};

    private void start() {
        int code = seldom("cuInit", I, 0);
        if (code == CudaError.NO_DEVICE) {
            throw new ResourceException(Requirements.NO_CARD + " (" + describe(code) + ")");
        }
        if (code != 0) {
            throw new ResourceException(
                    "gpu: the NVIDIA driver does not start: " + describe(code) + "; nvidia-smi may tell more");
        }
    }

    // --- cards

    /// Which CUDA the driver serves: 11040 for 11.4.
    int version() {
        return number("cuDriverGetVersion");
    }

    int deviceCount() {
        return number("cuDeviceGetCount");
    }

    private int number(String function) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            check(function, seldom(function, L, value.address()));
            return value.get(JAVA_INT, 0);
        }
    }

    int device(int ordinal) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            check("cuDeviceGet", seldom("cuDeviceGet", LI, value.address(), ordinal));
            return value.get(JAVA_INT, 0);
        }
    }

    String deviceName(int device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(NAME_LENGTH);
            check("cuDeviceGetName", seldom("cuDeviceGetName", LII, name.address(), NAME_LENGTH, device));
            return name.getString(0);
        }
    }

    int attribute(int device, int attribute) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            check("cuDeviceGetAttribute", seldom("cuDeviceGetAttribute", LII, value.address(), attribute, device));
            return value.get(JAVA_INT, 0);
        }
    }

    long totalMemory(int device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_LONG);
            check("cuDeviceTotalMem", seldom("cuDeviceTotalMem_v2", LI, value.address(), device));
            return value.get(JAVA_LONG, 0);
        }
    }

    /// The context that all programs' libraries in this process share on a card.
    ///
    /// @return the context, or an error's number below 0
    long retainContext(int device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_LONG);
            int code = seldom("cuDevicePrimaryCtxRetain", LI, value.address(), device);
            return code == 0 ? value.get(JAVA_LONG, 0) : -code;
        }
    }

    void releaseContext(int device) {
        check("cuDevicePrimaryCtxRelease", seldom("cuDevicePrimaryCtxRelease_v2", I, device));
    }

    void setCurrent(long context) {
        try {
            check("cuCtxSetCurrent", (int) setCurrent.invokeExact(context));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    // --- kernels

    /// Compiles PTX, given as C text, for the current context's card.
    long loadModule(byte[] ptx) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(ptx.length + 1L);
            MemorySegment.copy(ptx, 0, text, JAVA_BYTE, 0, ptx.length);
            MemorySegment value = arena.allocate(JAVA_LONG);
            check(
                    "cuModuleLoadDataEx",
                    seldom("cuModuleLoadDataEx", LLILL, value.address(), text.address(), 0, 0L, 0L));
            return value.get(JAVA_LONG, 0);
        }
    }

    long function(long module, String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_LONG);
            long text = arena.allocateFrom(name, StandardCharsets.US_ASCII).address();
            check("cuModuleGetFunction", name, seldom("cuModuleGetFunction", LLL, value.address(), module, text));
            return value.get(JAVA_LONG, 0);
        }
    }

    void setAttribute(long function, int attribute, int value) {
        check(
                "cuFuncSetAttribute",
                seldom(
                        "cuFuncSetAttribute",
                        new MemoryLayout[] {JAVA_LONG, JAVA_INT, JAVA_INT},
                        function,
                        attribute,
                        value));
    }

    void launch(
            String name,
            long function,
            int gridX,
            int gridY,
            int gridZ,
            int threads,
            int shared,
            long stream,
            long arguments) {
        try {
            int code = (int)
                    launch.invokeExact(function, gridX, gridY, gridZ, threads, 1, 1, shared, stream, arguments, 0L);
            check("cuLaunchKernel", name, code);
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    // --- memory

    /// @return the address, or 0 if the card has no such block left
    long allocate(long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_LONG);
            int code = (int) allocate.invokeExact(value.address(), bytes);
            if (code == CudaError.OUT_OF_MEMORY) {
                return 0;
            }
            check("cuMemAlloc", code);
            return value.get(JAVA_LONG, 0);
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    void free(long address) {
        try {
            check("cuMemFree", (int) free.invokeExact(address));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    /// How many bytes of the current context's card are free now.
    long freeMemory() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment values = arena.allocate(JAVA_LONG, 2);
            check("cuMemGetInfo", seldom("cuMemGetInfo_v2", LL, values.address(), values.address() + Long.BYTES));
            return values.get(JAVA_LONG, 0);
        }
    }

    /// Memory of this process that the card reads and writes by itself.
    long allocatePinned(long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_LONG);
            check("cuMemHostAlloc", seldom("cuMemHostAlloc", LLI, value.address(), bytes, 0));
            return value.get(JAVA_LONG, 0);
        }
    }

    void freePinned(long address) {
        check("cuMemFreeHost", seldom("cuMemFreeHost", L, address));
    }

    void copyToDevice(long device, long host, long bytes, long stream) {
        try {
            check("cuMemcpyHtoDAsync", (int) toDevice.invokeExact(device, host, bytes, stream));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    void copyToHost(long host, long device, long bytes, long stream) {
        try {
            check("cuMemcpyDtoHAsync", (int) toHost.invokeExact(host, device, bytes, stream));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    void copyWithin(long to, long from, long bytes, long stream) {
        try {
            check("cuMemcpyDtoDAsync", (int) within.invokeExact(to, from, bytes, stream));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    /// Sets `count` floats to one value.
    void fill(long device, float value, long count, long stream) {
        try {
            check("cuMemsetD32Async", (int) fill.invokeExact(device, Float.floatToRawIntBits(value), count, stream));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    // --- order

    long createStream() {
        return handle("cuStreamCreate");
    }

    void synchronize(String after, long stream) {
        try {
            check("cuStreamSynchronize", after, (int) streamSynchronize.invokeExact(stream));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    long createEvent() {
        return handle("cuEventCreate");
    }

    private long handle(String function) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_LONG);
            check(function, seldom(function, LI, value.address(), 0));
            return value.get(JAVA_LONG, 0);
        }
    }

    void record(long event, long stream) {
        try {
            check("cuEventRecord", (int) eventRecord.invokeExact(event, stream));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    void await(long event) {
        try {
            check("cuEventSynchronize", (int) eventSynchronize.invokeExact(event));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    /// The milliseconds between two events.
    float elapsed(long from, long to) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_FLOAT);
            check("cuEventElapsedTime", seldom("cuEventElapsedTime", LLL, value.address(), from, to));
            return value.get(JAVA_FLOAT, 0);
        }
    }

    void destroyEvent(long event) {
        check("cuEventDestroy", seldom("cuEventDestroy_v2", L, event));
    }

    // --- errors

    private void check(String function, int code) {
        check(function, "", code);
    }

    private void check(String function, String kernel, int code) {
        if (code != 0) {
            throw CudaError.exception(function, kernel, code, describe(code));
        }
    }

    /// An error's name and what the driver says of it.
    String describe(int code) {
        return library.describe(code);
    }

    private static RuntimeException unchecked(Throwable thrown) {
        if (thrown instanceof RuntimeException known) {
            return known;
        }
        throw new AssertionError(thrown);
    }
}
