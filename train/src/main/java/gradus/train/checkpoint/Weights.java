package gradus.train.checkpoint;

import gradus.layers.Layer;
import java.nio.file.Path;

/// A layer's parameters and buffers in a file.
public final class Weights {
    private Weights() {}

    /// Writes all of a layer's state into one safetensors file, or leaves the file that was there as it was.
    ///
    /// @throws gradus.error.ResourceException if the disk is full or refuses
    public static void save(Path file, Layer layer) {
        throw new UnsupportedOperationException("soon");
    }

    /// Reads what [#save] wrote into a layer of the same shape. Nothing changes unless everything fits.
    ///
    /// @throws gradus.error.CorruptCheckpointException  if the file is damaged or holds numbers that are not finite
    /// @throws gradus.error.CheckpointMismatchException if the file belongs to another model
    public static void load(Path file, Layer layer) {
        throw new UnsupportedOperationException("soon");
    }
}
