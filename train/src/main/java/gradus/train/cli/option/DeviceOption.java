package gradus.train.cli.option;

import gradus.error.ConfigException;
import gradus.error.UsageException;
import gradus.tensor.kernel.Device;
import gradus.tensor.kernel.cuda.CudaDevice;
import gradus.tensor.kernel.cuda.CudaFacts;
import gradus.tensor.kernel.cuda.Precision;
import gradus.train.cli.machine.GpuReport;
import gradus.train.cli.machine.Nd4jCuda;
import gradus.train.run.provenance.Circumstances;
import java.util.Optional;
import picocli.CommandLine.Option;

/// What a command computes on.
public final class DeviceOption {
    /// Its options' names.
    public static final String DEVICE = "--device";

    public static final String PRECISION = "--precision";

    private static final String AUTO = "auto";
    private static final String CPU = "cpu";

    @Option(
            names = DEVICE,
            paramLabel = "<device>",
            description = "cpu, gpu, gpu:1 for the second GPU, or auto, the default: the first GPU that can be used and"
                    + " has 1 GiB free, else the CPU; gradus doctor tells which")
    private String device = AUTO;

    @Option(
            names = PRECISION,
            paramLabel = "<precision>",
            description =
                    "float32, the default, or on a GPU of compute capability 8.0 or newer tf32: matrix products are"
                            + " several times as fast, their inputs rounded to 11 bits")
    private String precision;

    /// Makes tensors from now on there. Called before the first is made.
    ///
    /// @throws UsageException if there is no such device
    /// @throws gradus.error.ResourceException if there is, and it cannot be used
    /// @throws ConfigException if the machine has fewer GPUs, or this one has not the precision
    public void use() {
        if (!device.matches("auto|cpu|gpu(:\\d{1,4})?")) {
            throw new UsageException(
                    "--device must be auto, cpu, gpu, or gpu:1 for the second GPU; got " + quoted(device));
        }
        Precision wanted = precision();
        Device chosen = Nd4jCuda.onClassPath() ? nd4j() : chosen();
        if (chosen instanceof CudaDevice card) {
            card.open().precision(wanted);
        } else if (wanted == Precision.TF32) {
            throw new UsageException(
                    "--precision tf32 needs a GPU of compute capability 8.0 or newer; this computes on "
                            + (chosen.name().equals("host") ? "the CPU" : chosen.description()));
        }
        Device.use(chosen);
    }

    /// What there is to tell if a training was begun on another device: it, or another precision, adds up in
    /// another order.
    ///
    /// @param made when the training was begun, and on what; null if nobody knows
    public Optional<String> change(Circumstances made) {
        String now = Device.current().description();
        String before = made == null || made.device() == null ? "host" : made.device();
        return before.equals(now)
                ? Optional.empty()
                : Optional.of("begun on " + before + ", going on on " + now
                        + ": the result is close to that of one device, not bit for bit the same");
    }

    private Precision precision() {
        try {
            return precision != null
                    ? Precision.named(PRECISION, precision)
                    : Precision.named("gradus.precision", System.getProperty("gradus.precision", "float32"));
        } catch (ConfigException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    private Device chosen() {
        String property = System.getProperty("gradus.device");
        return switch (device) {
            case CPU -> Device.named("host");
            case AUTO ->
                property != null
                        ? Device.named(property)
                        : CudaDevice.usable(GpuReport.LEAST_FREE)
                                .<Device>map(card -> card)
                                .orElseGet(() -> Device.named("host"));
            default -> Device.named(device);
        };
    }

    private Device nd4j() {
        if (!device.equals(AUTO) && !device.equals("gpu")) {
            throw new UsageException(
                    "--device " + device + ": ND4J's CUDA backend was started; start without GRADUS_BACKEND=cuda");
        }
        Nd4jCuda.require(CudaFacts.look());
        return Device.named("nd4j");
    }

    private static String quoted(String text) {
        return text.isEmpty() ? "an empty text" : text;
    }
}
