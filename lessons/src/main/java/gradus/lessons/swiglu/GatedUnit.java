package gradus.lessons.swiglu;

import gradus.tensor.Tensor;

/// SwiGLU, the feed-forward network of Llama.
public final class GatedUnit {
    private GatedUnit() {}

    /// `y = (SiLU(x·Wgᵀ) ∘ (x·Wuᵀ))·Wdᵀ`, where `SiLU(a) = a·σ(a)`, `σ(a) = 1/(1 + e^-a)`, and ∘ multiplies
    /// element by element. There are no biases. As in PyTorch, a weight's rows are outputs and its columns
    /// inputs. Numbers before SiLU may be as large as 1,000 and as small as -1,000. Gradients must flow to
    /// all four tensors.
    ///
    /// **Shapes** x (B, T, C), gate and up (F, C), down (C, F) → (B, T, C)
    ///
    /// @param gate Wg
    /// @param up   Wu
    /// @param down Wd
    public static Tensor forward(Tensor x, Tensor gate, Tensor up, Tensor down) {
        // --- your answer
        Tensor gates = x.matmul(gate, false, true); // (B, T, F)
        Tensor values = x.matmul(up, false, true); // (B, T, F)
        Tensor hidden = gates.mul(gates.sigmoid()).mul(values); // (B, T, F)
        return hidden.matmul(down, false, true); // (B, T, C)
        // ---
    }
}
