package gradus.lessons.lora;

import gradus.tensor.Tensor;

/// A linear layer whose weight stays as it is, and two thin matrices beside it that learn.
public final class LoraForward {
    private LoraForward() {}

    /// `y = x·Wᵀ + s·(x ⊙ keep)·Aᵀ·Bᵀ` with the scale `s = α/r`, or `s = α/√r` if `stabilised` (rsLoRA).
    /// The rank r is the number of A's rows.
    ///
    /// Dropout belongs to the adapter's path alone: `keep` holds its factors, 0 or 1/(1 − p), and multiplies x
    /// on the way into A. The base is frozen: W gets **no gradient**. Gradients must still flow to A, to B and,
    /// by both paths, to x, as there are further layers below.
    ///
    /// **Shapes** x, keep (..., in), weight (out, in), a (r, in), b (out, r) → (..., out)
    public static Tensor forward(
            Tensor x, Tensor weight, Tensor a, Tensor b, Tensor keep, double alpha, boolean stabilised) {
        // --- your answer
        int rank = a.dim(0);
        double scale = stabilised ? alpha / Math.sqrt(rank) : alpha / rank;
        Tensor base = x.matmul(weight.detach(), false, true); // (..., out)
        Tensor low = x.mul(keep).matmul(a, false, true); // (..., r)
        Tensor delta = low.matmul(b, false, true); // (..., out)
        return base.add(delta.mul(scale));
        // ---
    }
}
