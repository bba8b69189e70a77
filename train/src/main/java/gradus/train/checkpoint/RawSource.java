package gradus.train.checkpoint;

/// A source that also gives a tensor's bytes as the file holds them, for layouts in which several stored
/// tensors make one.
public interface RawSource extends TensorSource {
    /// The type that the file holds a tensor in.
    ElementType type(String name);

    /// The bytes of a tensor: row-major, little-endian.
    ///
    /// @throws gradus.error.CheckpointMismatchException if they are too many for an array
    byte[] bytes(String name);
}
