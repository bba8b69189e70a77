package gradus.tensor.memory;

import gradus.error.ResourceException;
import java.util.Locale;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/// ND4J itself, started when its memory or its kernels are first used, and not before: that takes a second.
public final class Backend {
    private static final String NAME;
    private static final boolean CPU;
    private static final ResourceException FAILURE;

    private static final String NO_BACKEND =
            "ND4J found no backend that runs here. Its CUDA backend needs an NVIDIA GPU"
                    + " of compute capability 3.7 to 8.9; without one, leave out -Pcuda. Its CPU backend needs the libraries of"
                    + " this system and processor on the class path";

    static {
        NativeSettings.apply();
        String name = null;
        ResourceException failure = null;
        try {
            // ND4J otherwise calls System.gc() every few seconds; the pool needs no such help.
            Nd4j.getMemoryManager().togglePeriodicGc(false);
            name = Nd4j.getExecutioner().getEnvironmentInformation().getProperty("backend", "unknown");
            if (NativeSettings
                    .oneThread()) { // OpenMP follows the variable; ND4J, when it loads, gives itself and BLAS all cores
                NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
                Nd4j.factory().blas().setMaxThreads(1);
            }
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            failure = new ResourceException(isForMemory(e) ? tooLittleMemory() : NO_BACKEND, e);
        }
        NAME = name;
        FAILURE = failure;
        CPU = "CPU".equalsIgnoreCase(name);
    }

    private Backend() {}

    private static boolean isForMemory(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                return true;
            }
        }
        return false;
    }

    private static String tooLittleMemory() {
        return String.format(
                Locale.ROOT,
                "memory exhausted while ND4J started: the heap may take %d MB; raise it with -Xmx512m, and what"
                        + " the whole program may take with -Dorg.bytedeco.javacpp.maxPhysicalBytes=4g",
                Runtime.getRuntime().maxMemory() >> 20);
    }

    /// Loads the backend, once; further calls do nothing.
    ///
    /// @throws ResourceException if there is none that runs on this machine
    public static void start() {
        if (FAILURE != null) {
            throw FAILURE;
        }
    }

    /// ND4J's own name of the backend in use, such as `CPU` or `CUDA`.
    public static String name() {
        return NAME;
    }

    /// Whether it is ND4J's CPU backend.
    public static boolean isCpu() {
        return CPU;
    }
}
