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
    private static final Map<Integer, Card> OPENED = new ConcurrentHashMap<>();

    /// Whose context the driver takes a thread's calls for.
    private static final ThreadLocal<Card> CURRENT = new ThreadLocal<>();

    private static final int LEAST_DRIVER = 11_000; // the CUDA whose PTX, version 7.0, our kernels are written in
    private static final int LEAST_CAPABILITY = 75;

    // Numbers of CUdevice_attribute.
    private static final int SHARED_MEMORY_OPT_IN = 97;
    private static final int CAPABILITY_MAJOR = 75;
    private static final int CAPABILITY_MINOR = 76;
    private static final int COMPUTE_MODE = 20;
    private static final int PROHIBITED = 2;

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
    private final boolean tf32 = isTf32(System.getProperty("gradus.precision", "float32"));
    private CudaKernels kernels;

    private Card(CudaDriver driver, int ordinal, CudaMemory memory) {
        this.driver = driver;
        this.memory = memory;
        requireDriver(driver.version());
        int count = driver.deviceCount();
        if (count == 0) {
            throw new ResourceException("gpu: the NVIDIA driver finds no card");
        }
        if (ordinal >= count) {
            throw new ConfigException("gpu:" + ordinal + ": this machine has "
                    + (count == 1 ? "one card, gpu:0" : count + " cards, gpu:0 to gpu:" + (count - 1)));
        }
        device = driver.device(ordinal);
        name = driver.deviceName(device);
        capability = 10 * driver.attribute(device, CAPABILITY_MAJOR) + driver.attribute(device, CAPABILITY_MINOR);
        requireCapability();
        sharedMemory = driver.attribute(device, SHARED_MEMORY_OPT_IN);
        context = openContext();
        driver.setCurrent(context);
        CURRENT.set(this);
        stream = driver.createStream();
        staging = new Staging(this);
        profile = Boolean.getBoolean("gradus.cuda.profile") ? new KernelProfile(driver) : null;
    }

    /// Card number `ordinal`, opened at the first call.
    ///
    /// @throws ResourceException if there is no driver or no card, or it is too old, or others use it alone
    /// @throws ConfigException if the machine has fewer cards
    static Card open(int ordinal, CudaMemory memory) {
        Card card = OPENED.get(ordinal);
        if (card == null) {
            synchronized (OPENED) {
                card = OPENED.get(ordinal);
                if (card == null) {
                    card = new Card(CudaDriver.load(), ordinal, memory);
                    OPENED.put(ordinal, card);
                }
            }
        }
        return card;
    }

    private static boolean isTf32(String precision) {
        return switch (precision) {
            case "float32" -> false;
            case "tf32" -> true;
            default -> throw new ConfigException("gradus.precision must be float32 or tf32; got " + precision);
        };
    }

    private static void requireDriver(int version) {
        if (version < LEAST_DRIVER) {
            throw new ResourceException("gpu: the NVIDIA driver serves CUDA " + version / 1000 + "."
                    + version % 1000 / 10 + "; 11.0 or newer is needed: install driver 450 or newer");
        }
    }

    private void requireCapability() {
        if (capability < LEAST_CAPABILITY) {
            throw new ResourceException(
                    "gpu: the " + name + " has compute capability " + capability / 10 + "." + capability % 10
                            + "; 7.5 or newer is needed. GRADUS_BACKEND=cuda computes on it with ND4J's kernels");
        }
    }

    private long openContext() {
        if (driver.attribute(device, COMPUTE_MODE) == PROHIBITED) {
            throw new ResourceException(
                    "gpu: the " + name + " is in compute mode 'prohibited', which lets no program in;"
                            + " its administrator changes that with nvidia-smi -c 0");
        }
        long opened = driver.retainContext(device);
        if (opened == -CudaError.DEVICE_UNAVAILABLE) {
            throw new ResourceException(
                    "gpu: the " + name + " is in use by a program that has it for itself (compute mode"
                            + " 'exclusive process'); nvidia-smi shows which: wait for it to end");
        }
        if (opened < 0) {
            throw CudaError.exception("cuDevicePrimaryCtxRetain", "", (int) -opened, driver.describe((int) -opened));
        }
        return opened;
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

    /// This thread's launches. Getting it makes the card's context the thread's current one, which the driver asks of
    /// every thread, so that it can be called.
    Launch launches() {
        if (CURRENT.get() != this) {
            driver.setCurrent(context);
            CURRENT.set(this);
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
                memory, gradus.tensor.DType.FLOAT32, Math.max(1, values.length));
        staging.write(values, address(buffer));
        return buffer;
    }

    /// Whether products may round their inputs to TF32, as the system property `gradus.precision` says.
    boolean tf32() {
        return tf32;
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
