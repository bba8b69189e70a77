package gradus.tensor.memory;

import gradus.tensor.DType;

/// A kind of memory that tensors may lie in: of the host, of ND4J's backend, of a GPU. The [BufferPool] lends it out in
/// [Block]s. Memories are told apart by identity, so there is one object of each kind.
public interface Memory {
    /// Its name, as in messages.
    String name();

    /// How many bytes tensors may take of it in all.
    long limit();

    /// A fresh block whose elements are whatever the memory held. The first element's address is a multiple of 64, and
    /// there is room to read and write whole vector registers up to the capacity.
    ///
    /// @param capacity elements
    /// @throws OutOfMemoryError or a RuntimeException if there is no such block to be had
    Block allocate(DType dtype, long capacity);
}
