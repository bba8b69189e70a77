package gradus.tensor.kernel.cuda;

import gradus.error.ConfigException;
import gradus.error.ResourceException;
import gradus.tensor.memory.Block;
import gradus.tensor.memory.Buffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// One NVIDIA card, opened: its context, the one stream that everything runs on in order, and its kernels.
///
/// Work is only ordered here, and done later. A call returns before its kernel has run; reading a result waits for all
/// that was ordered before. Because there is one stream, memory that goes back to the pool may be lent again at once:
/// whatever is ordered next runs after whatever still uses it.
final class Card {
    private static final String PRECISION = "gradus.precision";

    /// Whose context is the one of this thread now.
    private static final ThreadLocal<Card> CURRENT = new ThreadLocal<>();

    // Numbers of CUdevice_attribute.
    private static final int SHARED_MEMORY_OPT_IN = 97;
    private static final int CAPABILITY_MAJOR = 75;
    private static final int CAPABILITY_MINOR = 76;
    private static final int COMPUTE_MODE = 20;

    final CudaDriver driver;
    final int device;
    final CudaMemory memory;
    final String name;
    final int capability;
    final int sharedMemory;
    final long stream;
    final Staging staging;
    final KernelProfile profile; // or null

    private final long context;
    private final Map<String, CudaModule> modules = new ConcurrentHashMap<>();
    private final ThreadLocal<Launch> launch = ThreadLocal.withInitial(() -> new Launch(this));
    private CudaKernels kernels;

    private volatile Precision precision = Precision.FLOAT32;

    /// Opens card number `ordinal`.
    ///
    /// @throws ResourceException if there is no driver or no card, or it is too old, or others use it alone
    /// @throws ConfigException if the machine has fewer cards, or this one has not the precision asked for
    Card(int ordinal, CudaMemory memory) {
        Precision wanted = Precision.named(PRECISION, System.getProperty(PRECISION, "float32"));
        this.driver = CudaDriver.load();
        this.memory = memory;
        require(Requirements.againstDriver(driver.version()));
        int count = driver.deviceCount();
        require(count > 0 ? null : Requirements.NO_CARD);
        if (ordinal >= count) {
            throw new ConfigException("gpu:" + ordinal + ": this machine has "
                    + (count == 1 ? "one card, gpu:0" : count + " cards, gpu:0 to gpu:" + (count - 1)));
        }
        device = driver.device(ordinal);
        name = driver.deviceName(device);
        capability = capability(driver, device);
        require(Requirements.againstCard(name, capability, computeMode(driver, device)));
        precision(wanted);
        sharedMemory = driver.attribute(device, SHARED_MEMORY_OPT_IN);
        context = openContext();
        makeCurrent();
        stream = driver.createStream();
        staging = new Staging(this);
        profile = Boolean.getBoolean("gradus.cuda.profile") ? new KernelProfile(driver) : null;
    }

    private static void require(String fault) {
        if (fault != null) {
            throw new ResourceException(fault);
        }
    }

    static int capability(CudaDriver driver, int device) {
        return 10 * driver.attribute(device, CAPABILITY_MAJOR) + driver.attribute(device, CAPABILITY_MINOR);
    }

    static int computeMode(CudaDriver driver, int device) {
        return driver.attribute(device, COMPUTE_MODE);
    }

    private long openContext() {
        long opened = driver.retainContext(device);
        if (opened < 0) {
            int error = (int) -opened;
            require(Requirements.againstContext(name, error));
            throw CudaError.exception("cuDevicePrimaryCtxRetain", "", error, driver.describe(error));
        }
        return opened;
    }

    /// Gives back what opening it took. Nothing may be computed on it any more.
    void close() {
        launches();
        staging.close();
        driver.releaseContext(device);
        CURRENT.remove();
    }

    /// The card's kernels for float32.
    synchronized CudaKernels kernels() {
        if (kernels == null) {
            kernels = new CudaKernels(this);
        }
        return kernels;
    }

    /// A kernel of the module of that name.
    CudaFunction function(String module, String kernel) {
        return new CudaFunction(this, modules.computeIfAbsent(module, m -> new CudaModule(this, m)), kernel);
    }

    /// Makes the context the one of this thread, which the driver asks of every thread.
    private void makeCurrent() {
        driver.setCurrent(context);
        CURRENT.set(this);
    }

    /// This thread's launches, with a place for their arguments; getting it is what makes the thread able to call the
    /// driver.
    Launch launches() {
        if (CURRENT.get() != this) {
            makeCurrent();
        }
        return launch.get();
    }

    /// Where the first element of a buffer lies on the card; 0 for null.
    ///
    /// @throws ConfigException if it lies elsewhere
    long address(Buffer buffer) {
        if (buffer == null) {
            return 0;
        }
        Block block = buffer.block();
        if (block instanceof CudaBlock ours && ours.memory() == memory) {
            return ours.start();
        }
        throw new ConfigException("a tensor in " + block.memory().name() + " memory met one in " + memory.name()
                + " memory: move one of them with to(Device)");
    }

    /// Copies whole numbers to the card, for a kernel to read. The caller releases the buffer.
    Buffer upload(int[] values) {
        Buffer buffer = gradus.tensor.memory.BufferPool.allocate(
                memory, gradus.tensor.type.DType.FLOAT32, Math.max(1, values.length));
        staging.write(values, address(buffer));
        return buffer;
    }

    /// What products may round their inputs to from now on: at first what the system property `gradus.precision` says.
    ///
    /// @throws ConfigException if the card has no TF32
    void precision(Precision wanted) {
        String fault = wanted == Precision.TF32 ? Requirements.againstTf32(name, capability) : null;
        if (fault != null) {
            throw new ConfigException(fault);
        }
        precision = wanted;
    }

    /// Whether products may round their inputs to TF32.
    boolean tf32() {
        return precision == Precision.TF32;
    }

    /// Waits until all that was ordered has been done.
    void synchronize() {
        launches();
        driver.synchronize("", stream);
    }

    long freeMemory() {
        launches();
        return driver.freeMemory();
    }
}
