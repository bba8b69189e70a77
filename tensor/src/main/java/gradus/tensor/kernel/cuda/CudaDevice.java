package gradus.tensor.kernel.cuda;

import gradus.error.ResourceException;
import gradus.tensor.kernel.Device;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.memory.HostMemory;
import gradus.tensor.memory.Memory;
import gradus.tensor.type.DType;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

/// An NVIDIA card of compute capability 7.5 or newer, by kernels of our own: `gpu`, or `gpu:1` for the
/// second. float32 lies and is computed on the card. float64, which gradient checks need and cards are slow
/// at, stays on the host.
///
/// The card is opened when the first tensor is made on it.
public final class CudaDevice implements Device {
    private static final Map<Integer, CudaMemory> MEMORIES = new ConcurrentHashMap<>();

    private final int ordinal;
    private final CudaMemory memory;

    /// The first card.
    public CudaDevice() {
        this(0);
    }

    private CudaDevice(int ordinal) {
        this(ordinal, MEMORIES.computeIfAbsent(ordinal, CudaMemory::new));
    }

    CudaDevice(int ordinal, CudaMemory memory) {
        this.ordinal = ordinal;
        this.memory = memory;
    }

    /// The first card that can be used and has so many bytes free, opened; empty if there is none, whatever
    /// the reason, which [CudaFacts] tells.
    public static Optional<CudaDevice> usable(long bytes) {
        return usable(bytes, CudaDevice::new);
    }

    static Optional<CudaDevice> usable(long bytes, IntFunction<CudaDevice> cards) {
        int count = CudaFacts.count();
        for (int ordinal = 0; ordinal < count; ordinal++) {
            CudaDevice device = cards.apply(ordinal);
            boolean inUse = device.memory.isOpen();
            try {
                if (device.open().memory.card().freeMemory() >= bytes || inUse) {
                    return Optional.of(device);
                }
                device.memory.close();
            } catch (ResourceException unusable) {
                // The next, then.
            }
        }
        return Optional.empty();
    }

    /// Opens the card now, so that whatever is wrong with it is said now.
    ///
    /// @return this
    /// @throws ResourceException if there is no driver or no card, or it is too old, or others use it alone
    /// @throws gradus.error.ConfigException if the machine has fewer cards
    public CudaDevice open() {
        memory.card();
        return this;
    }

    /// What its matrix products may round their inputs to from now on; float32 unless the system property
    /// `gradus.precision` says otherwise.
    ///
    /// @return this
    /// @throws gradus.error.ConfigException if the card has no TF32, which came with compute capability 8.0
    public CudaDevice precision(Precision precision) {
        memory.card().precision(precision);
        return this;
    }

    @Override
    public CudaDevice card(int ordinal) {
        return new CudaDevice(ordinal);
    }

    @Override
    public String name() {
        return ordinal == 0 ? "gpu" : "gpu:" + ordinal;
    }

    @Override
    public Memory memory() {
        return memory;
    }

    @Override
    public Memory memory(DType dtype) {
        return dtype == DType.FLOAT32 ? memory : HostMemory.INSTANCE;
    }

    @Override
    public OptionalLong memoryBytes() {
        Card card = memory.card();
        return OptionalLong.of(card.driver.totalMemory(card.device));
    }

    @Override
    public Kernels kernels(DType dtype) {
        return dtype == DType.FLOAT32
                ? memory.card().kernels()
                : Device.named("host").kernels(dtype);
    }

    @Override
    public String description() {
        Card card = memory.card();
        return card.name + (ordinal == 0 ? "" : " (" + name() + ")") + (card.tf32() ? ", products in TF32" : "");
    }

    /// Waits until the card has done all that was ordered, for who takes times.
    @Override
    public void synchronize() {
        memory.card().synchronize();
    }
}
