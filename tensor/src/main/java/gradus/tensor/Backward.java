package gradus.tensor;

import gradus.tensor.memory.Buffer;

/// The backward half of an operation. Given dy, the gradient of the loss with respect to the operation's
/// result, it computes the gradient with respect to each input by the chain rule and adds it there.
@FunctionalInterface
public interface Backward {
    void run(Buffer dy);
}
