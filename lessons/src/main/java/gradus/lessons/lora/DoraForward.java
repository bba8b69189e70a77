package gradus.lessons.lora;

import gradus.tensor.Tensor;

/// LoRA for the direction of each row of the weight, and one learnt number for its length.
public final class DoraForward {
    private DoraForward() {}

    /// With `V = W + s·B·A`, the weight that LoRA would have:
    /// ```
    /// y = x·Vᵀ ⊙ (m / ‖V‖) + bias
    /// ```
    /// ‖V‖ holds the Euclidean length of each of V's **rows**, one for each output; so m is the length of the
    /// row that is used, and V gives only its direction. The bias is not scaled.
    ///
    /// W and bias are frozen, they get no gradient. ‖V‖ counts as a constant too: no gradient goes through it.
    /// Gradients flow to x, A, B and m.
    ///
    /// **Shapes** x (N, in), weight (out, in), a (r, in), b (out, r), magnitude (out), bias (out) → (N, out)
    ///
    /// @param magnitude m
    /// @param scale     s
    public static Tensor forward(
            Tensor x, Tensor weight, Tensor a, Tensor b, Tensor magnitude, Tensor bias, double scale) {
        // --- your answer
        Tensor all = weight.detach().add(b.matmul(a).mul(scale)); // (out, in)
        Tensor lengths = all.detach().square().sum(1).sqrt(); // (out)
        Tensor y = x.matmul(all, false, true); // (N, out)
        return y.mul(magnitude.div(lengths)).add(bias.detach());
        // ---
    }
}
