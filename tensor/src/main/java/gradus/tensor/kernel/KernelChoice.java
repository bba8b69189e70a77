package gradus.tensor.kernel;

import gradus.error.ConfigException;

/// Which kernels serve which type, decided once.
final class KernelChoice {
    static final Kernels FLOAT64 = new Nd4jKernels();
    static final Kernels FLOAT32 = choose(System.getProperty("gradus.kernels", "auto"));

    private KernelChoice() {}

    private static Kernels choose(String wanted) {
        Backend.start();
        boolean vector = switch (wanted) {
            case "nd4j" -> false;
            case "vector", "auto" -> Backend.isCpu() && VectorKernels.available();
            default -> throw new ConfigException("gradus.kernels must be auto, vector or nd4j; got " + wanted);
        };
        if (wanted.equals("vector") && !vector) {
            throw new ConfigException("gradus.kernels=vector needs the CPU backend and a JVM"
                    + " started with --add-modules jdk.incubator.vector");
        }
        return vector ? new VectorKernels() : FLOAT64;
    }
}
