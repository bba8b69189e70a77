package gradus.tensor.kernel.host;

import gradus.error.ConfigException;
import gradus.tensor.jvm.JvmFlags;
import gradus.tensor.kernel.Device;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.nd4j.Nd4jKernels;
import gradus.tensor.kernel.vector.VectorKernels;
import gradus.tensor.memory.HostMemory;
import gradus.tensor.memory.Memory;
import gradus.tensor.type.DType;

/// The CPU and its memory. float32 is for the vector kernels where the JVM has the vector module, else for ND4J's; the
/// system property `gradus.kernels` (auto, vector, nd4j) overrules that. float64 is for ND4J's, which define what every
/// kernel means.
public final class HostDevice implements Device {
    private volatile Kernels float32; // chosen when it is first computed with

    @Override
    public String name() {
        return "host";
    }

    @Override
    public Memory memory() {
        return HostMemory.INSTANCE;
    }

    @Override
    public Kernels kernels(DType dtype) {
        return dtype == DType.FLOAT32 ? float32() : Nd4jKernels.get();
    }

    private Kernels float32() {
        Kernels kernels = float32;
        if (kernels == null) {
            kernels = choose(System.getProperty("gradus.kernels", "auto"));
            float32 = kernels;
        }
        return kernels;
    }

    private static Kernels choose(String wanted) {
        boolean vector = switch (wanted) {
            case "nd4j" -> false;
            case "vector", "auto" -> VectorKernels.available();
            default -> throw new ConfigException("gradus.kernels must be auto, vector or nd4j; got " + wanted);
        };
        if (wanted.equals("vector") && !vector) {
            throw new ConfigException(
                    "gradus.kernels=vector needs OpenBLAS from ND4J's CPU backend and a JVM started with "
                            + JvmFlags.VECTOR);
        }
        if (wanted.equals("auto") && !JvmFlags.hasVectorModule()) {
            JvmFlags.warnOfSlowness();
        }
        return vector ? new VectorKernels() : Nd4jKernels.get();
    }
}
