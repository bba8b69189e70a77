package gradus.train.checkpoint;

import gradus.error.ConfigException;
import java.nio.ByteBuffer;

/// A tensor to write as bytes.
///
/// @param type  of its elements
/// @param shape the size of each axis
/// @param bytes row-major, little-endian; read from the first to the last
public record RawTensor(ElementType type, long[] shape, ByteBuffer bytes) {
    /// @throws ConfigException if shape and bytes disagree
    public RawTensor {
        long count = 1;
        for (long dim : shape) {
            count *= dim;
        }
        ConfigException.require(
                count * type.bits == 8L * bytes.remaining(),
                "a tensor of %d %s needs %d bytes; got %d",
                count,
                type,
                count * type.bits / 8,
                bytes.remaining());
    }
}
