package gradus.tensor;

import gradus.tensor.memory.ScopeMemory;

/// Frees memory early: when a scope closes, all tensors that were made while it was open are freed. Their
/// memory goes to a pool, and the next training step reuses it without waiting for the garbage collector:
/// ```java
/// try (var scope = Scope.open()) {
///     Tensor loss = crossEntropy(gpt.forward(batch.inputs()), batch.targets());
///     loss.backward();
///     optimizer.step(learningRate);
/// }
/// ```
/// Using a tensor after its scope has closed throws an exception that says so; [Tensor#keep] keeps one tensor
/// valid. Parameters and their gradients outlive every scope. A scope may be opened within another, and
/// belongs to the thread that opened it. Everything works without a scope too, but more slowly.
public final class Scope implements AutoCloseable {
    private final ScopeMemory memory = ScopeMemory.open();

    private Scope() {}

    /// Opens a scope on this thread. Close it on the same thread, best with try-with-resources.
    public static Scope open() {
        return new Scope();
    }

    /// Moves a tensor from this scope to the enclosing scope, or out of all scopes if there is none. Use it
    /// for the result of a computation whose other tensors are no longer needed.
    public Tensor handUp(Tensor tensor) {
        memory.handUp(tensor.buffer());
        return tensor;
    }

    /// Frees the tensors that were made in this scope. Closing again does nothing.
    ///
    /// @throws gradus.error.ShapeException if another thread opened this scope
    @Override
    public void close() {
        memory.close();
    }
}
