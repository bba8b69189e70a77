package gradus.tensor;

import gradus.tensor.memory.ScopeMemory;

/// Bounds the life of the tensors of one training step. Their memory goes back to a pool when the scope
/// closes and the next step takes it from there:
/// ```java
/// try (var scope = Scope.open()) {
///     Tensor loss = crossEntropy(gpt.forward(batch.inputs()), batch.targets());
///     loss.backward();
///     optimizer.step(learningRate);
/// }
/// ```
/// Using a tensor after its scope has closed is an error that says so; [Tensor#keep] takes one out.
/// Parameters and their gradients never belong to a scope. Scopes nest and belong to the thread that opened
/// them.
public final class Scope implements AutoCloseable {
    private final ScopeMemory memory = ScopeMemory.open();

    private Scope() {}

    public static Scope open() {
        return new Scope();
    }

    /// Hands a tensor made in this scope to the one around it, or to the garbage collector if there is none:
    /// the result of a computation whose other tensors may go.
    public Tensor handUp(Tensor tensor) {
        memory.handUp(tensor.buffer());
        return tensor;
    }

    /// Gives the memory back. Closing twice does nothing more.
    ///
    /// @throws gradus.error.ShapeException if another thread opened this scope
    @Override
    public void close() {
        memory.close();
    }
}
