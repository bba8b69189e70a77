package gradus.tensor;

import gradus.error.ShapeException;
import gradus.tensor.memory.Buffer;

/// A value that a backward pass will need, with a guard against its being changed in place meanwhile.
public final class Saved {
    private final Buffer buffer;
    private final int version;

    private Saved(Buffer buffer) {
        this.buffer = buffer;
        this.version = buffer.version();
    }

    public static Saved of(Tensor tensor) {
        return new Saved(tensor.buffer());
    }

    /// The saved elements.
    ///
    /// @throws ShapeException if they are no longer those that were saved
    public Buffer get() {
        if (buffer.version() != version) {
            throw new ShapeException("backward: a tensor that it needs was changed in place after the forward pass used"
                    + " it; change a copy, or change it after backward()");
        }
        return buffer;
    }
}
