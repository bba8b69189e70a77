package gradus.train.cli.machine;

import gradus.error.UsageException;
import java.util.List;

/// Where a model is to train. ND4J takes the backend that the class path holds, so the choice is made when the program
/// starts; here it is checked, before ND4J itself fails in words of its own.
public enum Device {
    AUTO,
    CPU,
    GPU;

    /// @throws UsageException if this device is not to be had, saying why and what to do
    public void require() {
        require(cudaOnClassPath(), Gpu.all());
    }

    public void require(boolean cuda, List<Gpu> gpus) {
        boolean usable = gpus.stream().anyMatch(Gpu::usable);
        if (this == CPU && cuda) {
            throw new UsageException(
                    "--device cpu: ND4J's CUDA backend was started; start without GRADUS_BACKEND=cuda");
        }
        if ((this == GPU || cuda) && !usable) {
            throw new UsageException((this == GPU ? "--device gpu: " : "ND4J's CUDA backend was started, but ")
                    + why(gpus) + "; train on the CPU "
                    + (cuda ? "without GRADUS_BACKEND=cuda or -Pcuda" : "without --device gpu"));
        }
        if (this == GPU && !cuda) {
            throw new UsageException("--device gpu: this is the CPU build; start with GRADUS_BACKEND=cuda ./gradus …,"
                    + " for which Maven downloads 2.4 GB");
        }
    }

    private static String why(List<Gpu> gpus) {
        return gpus.isEmpty()
                ? "there is no NVIDIA GPU here (nvidia-smi finds none)"
                : "the %s has compute capability %s; ND4J's CUDA kernels serve %s"
                        .formatted(gpus.getFirst().name(), gpus.getFirst().computeCapability(), Gpu.SERVED);
    }

    public static boolean cudaOnClassPath() {
        return Device.class.getResource("/org/nd4j/linalg/jcublas/JCublasBackend.class") != null;
    }
}
