package gradus.tensor.kernel;

import gradus.tensor.DType;
import gradus.tensor.memory.Memory;

/// What tensors lie on and are computed by: one kind of memory, and the kernels for each type in it. The host's is
/// [gradus.tensor.kernel.host.HostDevice].
///
/// A device of your own implements this, a [Memory] and the families of [Kernels] that it has. Naming it in
/// `META-INF/services/gradus.tensor.kernel.Device` makes it known to `-Dgradus.device=…`. No operation and no layer
/// changes, because each finds its kernels by the memory that its tensors lie in.
public interface Device {
    /// Its name, as `gradus.device` gives it.
    String name();

    /// Where its tensors lie.
    Memory memory();

    /// What computes on tensors of a type there; the same object at every call.
    Kernels kernels(DType dtype);

    /// The device that new tensors are made on: the one that the system property `gradus.device` names, `host` without
    /// it, or `nd4j` where ND4J's CUDA backend is on the class path.
    ///
    /// @throws gradus.error.ConfigException if there is none of the property's name
    static Device current() {
        return Devices.current();
    }

    /// Makes new tensors on another device. Those that exist stay where they are.
    static void use(Device device) {
        Devices.use(device);
    }
}
