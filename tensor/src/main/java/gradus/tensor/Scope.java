package gradus.tensor;

import gradus.tensor.memory.ScopeMemory;

/// The tensors that are made while a scope is open live until it closes. Their memory then goes to a pool, from
/// which the next step of training takes it, instead of waiting for the garbage collector:
/// ```java
/// try (var scope = Scope.open()) {
///     Tensor loss = crossEntropy(gpt.forward(batch.inputs()), batch.targets());
///     loss.backward();
///     optimizer.step(learningRate);
/// }
/// ```
/// Using a tensor after its scope has closed is refused with a message that says so; [Tensor#keep] lets one live
/// on. Parameters and their gradients outlive every scope. A scope may be opened within another, and belongs to
/// the thread that opened it. Without any scope everything works too, only more slowly.
public final class Scope implements AutoCloseable {
    private final ScopeMemory memory = ScopeMemory.open();

    private Scope() {}

    /// Opens a scope on this thread; close it on the same thread, best by try-with-resources.
    public static Scope open() {
        return new Scope();
    }

    /// Lets a tensor made in this scope live as long as the scope around it, or, if there is none, as long as
    /// somebody holds it: the result of a computation whose other tensors are no longer needed.
    public Tensor handUp(Tensor tensor) {
        memory.handUp(tensor.buffer());
        return tensor;
    }

    /// Ends the life of the tensors made in this scope. Closing again does nothing.
    ///
    /// @throws gradus.error.ShapeException if another thread opened this scope
    @Override
    public void close() {
        memory.close();
    }
}
