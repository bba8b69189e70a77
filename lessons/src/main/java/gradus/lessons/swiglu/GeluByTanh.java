package gradus.lessons.swiglu;

import gradus.tensor.Tensor;

/// GELU as GPT-2 computes it.
public final class GeluByTanh {
    private GeluByTanh() {}

    /// Element by element
    ///
    /// `gelu(x) = x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³)))`
    ///
    /// Gradients must flow to x. Numbers are between -10 and 10.
    ///
    /// **Shapes** x (...) → (...)
    public static Tensor gelu(Tensor x) {
        // --- your answer
        Tensor cube = x.mul(x).mul(x);
        Tensor inner = x.add(cube.mul(0.044715)).mul(Math.sqrt(2 / Math.PI));
        return x.mul(0.5).mul(inner.tanh().add(1));
        // ---
    }
}
