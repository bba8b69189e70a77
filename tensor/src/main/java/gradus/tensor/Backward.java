package gradus.tensor;

import gradus.tensor.memory.Buffer;

/// The second half of an operation: given the gradient of its result, adds to the gradients of its inputs.
@FunctionalInterface
public interface Backward {
    void run(Buffer dy);
}
