package gradus.tensor.kernel.nd4j;

import gradus.tensor.kernel.Device;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.memory.Memory;
import gradus.tensor.memory.Nd4jMemory;
import gradus.tensor.type.DType;

/// ND4J's own backend: its memory and its operations. With its CUDA backend on the class path that is a GPU.
public final class Nd4jDevice implements Device {
    @Override
    public String name() {
        return "nd4j";
    }

    @Override
    public Memory memory() {
        return Nd4jMemory.INSTANCE;
    }

    @Override
    public Kernels kernels(DType dtype) {
        return Nd4jKernels.get();
    }
}
