package gradus.tensor.kernel;

import gradus.error.ConfigException;
import gradus.tensor.DType;
import gradus.tensor.jvm.JvmFlags;
import gradus.tensor.kernel.nd4j.Nd4jKernels;
import gradus.tensor.kernel.vector.VectorKernels;
import gradus.tensor.memory.Backend;

/// Which kernels serve which type, decided once.
final class KernelChoice {
    static final Kernels FLOAT64 = new Nd4jKernels();
    private static Kernels float32 = choose(System.getProperty("gradus.kernels", "auto"));

    private KernelChoice() {}

    static Kernels of(DType dtype) {
        return dtype == DType.FLOAT32 ? float32 : FLOAT64;
    }

    /// Puts other kernels in their place, for measuring.
    static void float32(Kernels kernels) {
        float32 = kernels;
    }

    private static Kernels choose(String wanted) {
        Backend.start();
        boolean vector = switch (wanted) {
            case "nd4j" -> false;
            case "vector", "auto" -> Backend.isCpu() && VectorKernels.available();
            default -> throw new ConfigException("gradus.kernels must be auto, vector or nd4j; got " + wanted);
        };
        if (wanted.equals("vector") && !vector) {
            throw new ConfigException(
                    "gradus.kernels=vector needs the CPU backend and a JVM started with " + JvmFlags.VECTOR);
        }
        if (wanted.equals("auto") && Backend.isCpu() && !JvmFlags.hasVectorModule()) {
            JvmFlags.warnOfSlowness();
        }
        return vector ? new VectorKernels() : FLOAT64;
    }
}
