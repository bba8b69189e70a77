package gradus.tensor;

import gradus.tensor.memory.Buffer;

/// The second half of an operation, the chain rule: given dy, the gradient of the loss with respect to the
/// operation's result, it adds to the gradient with respect to each input.
@FunctionalInterface
public interface Backward {
    void run(Buffer dy);
}
