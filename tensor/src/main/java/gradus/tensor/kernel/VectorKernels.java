package gradus.tensor.kernel;

/// The kernels for float32 on the CPU.
final class VectorKernels extends Nd4jKernels {
    static boolean available() {
        return false;
    }

    @Override
    public String name() {
        return "vector";
    }
}
