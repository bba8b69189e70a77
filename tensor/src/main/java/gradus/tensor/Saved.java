package gradus.tensor;

import gradus.error.ShapeException;
import gradus.tensor.memory.Buffer;

/// Elements that an operation saves for its backward pass. If they were changed in between, the gradient
/// would be wrong without any sign of it, so [#get] throws instead.
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
    /// @throws ShapeException if they were changed after they were saved
    public Buffer get() {
        if (buffer.version() != version) {
            throw new ShapeException("backward: a tensor that it needs was changed in place after the forward pass had"
                    + " used it; change a copy, or change it after backward()");
        }
        return buffer;
    }
}
