package gradus.tensor.memory;

import gradus.tensor.type.DType;
import java.util.Locale;

/// A kind of memory that tensors may lie in: of the host, of ND4J's backend, of a GPU. The [BufferPool] lends it out in
/// [Block]s. Memories are told apart by identity, so there is one object of each kind.
public interface Memory {
    /// Its name, as in messages.
    String name();

    /// How many bytes tensors may take of it in all.
    long limit();

    /// What to tell whoever asks for more than there is, and what to do about it.
    ///
    /// @param bytes how many more were asked for
    /// @param held  how many the pool holds
    default String exhausted(long bytes, long held) {
        return String.format(
                Locale.ROOT,
                "off-heap memory exhausted: %,d bytes more were asked for while %,d of %,d are held; raise the limit with"
                        + " -Dorg.bytedeco.javacpp.maxBytes=8g -Dorg.bytedeco.javacpp.maxPhysicalBytes=12g, or use a"
                        + " smaller batch, context or model",
                bytes,
                held,
                limit());
    }

    /// A fresh block whose elements are whatever the memory held. The first element's address is a multiple of 64, and
    /// there is room to read and write whole vector registers up to the capacity.
    ///
    /// @param capacity elements
    /// @throws OutOfMemoryError or a RuntimeException if there is no such block to be had
    Block allocate(DType dtype, long capacity);
}
