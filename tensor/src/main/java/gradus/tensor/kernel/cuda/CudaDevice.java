package gradus.tensor.kernel.cuda;

import gradus.tensor.DType;
import gradus.tensor.kernel.Device;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.memory.HostMemory;
import gradus.tensor.memory.Memory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// An NVIDIA card of compute capability 7.5 or newer, by kernels of our own: `gpu`, or `gpu:1` for the second. float32
/// lies and is computed on the card. float64, which gradient checks need and cards are slow at, stays on the host.
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
        this.ordinal = ordinal;
        this.memory = MEMORIES.computeIfAbsent(ordinal, CudaMemory::new);
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
    public Kernels kernels(DType dtype) {
        return dtype == DType.FLOAT32
                ? memory.card().kernels()
                : Device.named("host").kernels(dtype);
    }

    /// Waits until the card has done all that was ordered, for who takes times.
    @Override
    public void synchronize() {
        memory.card().synchronize();
    }
}
