package gradus.tensor.kernel.cuda;

import gradus.error.ResourceException;

/// The driver's errors that are worth a sentence of their own.
final class CudaError {
    static final int OUT_OF_MEMORY = 2;
    static final int NO_DEVICE = 100;
    static final int DEVICE_UNAVAILABLE = 46;

    private static final int ECC_UNCORRECTABLE = 214;
    private static final int UNSUPPORTED_PTX = 222;
    private static final int ILLEGAL_ADDRESS = 700;
    private static final int LAST_STICKY = 720;
    private static final int SYSTEM_NOT_READY = 802;
    private static final int UNKNOWN = 999;

    private CudaError() {}

    /// @param kernel   the kernel that was to run or ran last, or an empty text
    /// @param described the error's name and text
    static ResourceException exception(String function, String kernel, int code, String described) {
        String what = "gpu: " + function + (kernel.isEmpty() ? "" : " (" + kernel + ")") + " failed: " + described;
        return new ResourceException(what + advice(code));
    }

    private static String advice(int code) {
        if (code >= ILLEGAL_ADDRESS && code <= LAST_STICKY || code == ECC_UNCORRECTABLE || code == UNKNOWN) {
            return "; the card's context is lost, so this process can compute no more on it: start again, a training from its"
                    + " last checkpoint with gradus train --resume; -Dgradus.cuda.sync=true names the kernel at fault";
        }
        return switch (code) {
            case OUT_OF_MEMORY -> "; use a smaller batch, context or model, or end other programs on this card";
            case UNSUPPORTED_PTX -> "; the driver is too old for these kernels: install a newer one";
            case SYSTEM_NOT_READY -> "; the machine's NVIDIA services are still starting or have failed";
            default -> "";
        };
    }
}
