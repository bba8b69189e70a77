package gradus.tensor.kernel;

import gradus.error.ConfigException;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Memory;
import gradus.tensor.type.DType;
import java.util.OptionalLong;

/// What tensors lie on and are computed by: one kind of memory, and the kernels for each type in it. The
/// host's is [gradus.tensor.kernel.host.HostDevice].
///
/// A device of your own implements this, a [Memory] and the families of [Kernels] that it has. Naming it in
/// `META-INF/services/gradus.tensor.kernel.Device` makes it known to `-Dgradus.device=…`. No operation and no
/// layer changes, because each finds its kernels by the memory that its tensors lie in.
public interface Device {
    /// Its name, as `gradus.device` gives it.
    String name();

    /// What it is, for people to read.
    default String description() {
        return name();
    }

    /// Where its tensors lie.
    Memory memory();

    /// Where its tensors of a type lie: a device that does not compute in a type leaves it to the host.
    default Memory memory(DType dtype) {
        return memory();
    }

    /// How many bytes of memory of its own it has; empty if it computes in the machine's.
    default OptionalLong memoryBytes() {
        return OptionalLong.empty();
    }

    /// Another of the same kind on a machine that has several, as `gpu:1` names the second.
    ///
    /// @throws ConfigException if there is but one
    default Device card(int ordinal) {
        throw new ConfigException("device: there is one " + name() + "; got " + name() + ":" + ordinal);
    }

    /// Waits until all work that was ordered is done, for whoever takes times. Most devices do it at once.
    default void synchronize() {
        // done
    }

    /// What computes on tensors of a type there; the same object at every call.
    Kernels kernels(DType dtype);

    /// The device that new tensors are made on: the one that the system property `gradus.device` names,
    /// `host` without it, or `nd4j` where ND4J's CUDA backend is on the class path.
    ///
    /// @throws gradus.error.ConfigException if there is none of the property's name
    static Device current() {
        return Devices.current();
    }

    /// The device of a name: one of those in `META-INF/services`, with a colon and a number for one card of
    /// several.
    ///
    /// @throws gradus.error.ConfigException if there is none of this name
    static Device named(String name) {
        return Devices.named(name);
    }

    /// The device that a buffer lies on; the current one if that leaves the buffer's type to the memory it
    /// lies in, as a GPU leaves float64 to the host.
    static Device of(Buffer buffer) {
        return Devices.of(buffer);
    }

    /// Makes new tensors on another device. Those that exist stay where they are.
    static void use(Device device) {
        Devices.use(device);
    }
}
