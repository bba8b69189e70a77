package gradus.tensor.kernel.cuda;

/// What a driver and a card must be for our kernels, and what to say to whoever has others.
final class Requirements {
    static final String NO_CARD = "gpu: the NVIDIA driver finds no card";

    /// The first that has TF32.
    static final int TF32_CAPABILITY = 80;

    private static final int LEAST_DRIVER = 11_000; // the CUDA whose PTX, version 7.0, our kernels are written in
    private static final int LEAST_CAPABILITY = 75;
    private static final int PROHIBITED = 2; // of compute mode

    private Requirements() {}

    /// Why a driver does not do, or null.
    static String againstDriver(int version) {
        return version >= LEAST_DRIVER
                ? null
                : "gpu: the NVIDIA driver serves CUDA " + cuda(version)
                        + "; 11.0 or newer is needed: install driver 450 or newer";
    }

    /// Why a card does not do, or null.
    ///
    /// @param capability as 86 for 8.6
    static String againstCard(String name, int capability, int computeMode) {
        if (capability < LEAST_CAPABILITY) {
            return "gpu: the " + name + " has compute capability " + decimal(capability)
                    + "; 7.5 or newer is needed. GRADUS_BACKEND=cuda computes on it with ND4J's kernels";
        }
        return computeMode == PROHIBITED
                ? "gpu: the " + name + " is in compute mode 'prohibited', which lets no program in;"
                        + " its administrator changes that with nvidia-smi -c 0"
                : null;
    }

    /// Why a card's context cannot be had, or null.
    static String againstContext(String name, int error) {
        return switch (error) {
            case CudaError.DEVICE_UNAVAILABLE ->
                "gpu: the " + name + " is in use by a program that has it for itself (compute mode"
                        + " 'exclusive process'); nvidia-smi shows which: wait for it to end";
            case CudaError.OUT_OF_MEMORY ->
                "gpu: the " + name + " has not even the memory to start a program;"
                        + " nvidia-smi shows what takes it: end it or take another card";
            default -> null;
        };
    }

    /// Why a card cannot round products to TF32, or null.
    static String againstTf32(String name, int capability) {
        return capability >= TF32_CAPABILITY
                ? null
                : "tf32: the " + name + " has compute capability " + decimal(capability)
                        + "; TF32 needs 8.0 or newer: compute in float32";
    }

    /// `8.6` for 86.
    static String decimal(int capability) {
        return capability / 10 + "." + capability % 10;
    }

    /// `12.4` for 12040.
    static String cuda(int version) {
        return version / 1000 + "." + version % 1000 / 10;
    }
}
