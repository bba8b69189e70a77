package gradus.lessons.softmax;

import gradus.tensor.Tensor;

/// From scores to probabilities.
public final class Softmax {
    private Softmax() {}

    /// `softmax(x)ᵢ = exp(xᵢ) / Σⱼ exp(xⱼ)` along the last axis. Scores may be as large as 1,000, where `exp` is
    /// infinite; but taking the same number from all of a row's scores changes nothing.
    ///
    /// **Shapes** x (..., C) → (..., C)
    public static Tensor softmax(Tensor x) {
        // --- your answer
        Tensor powers = x.sub(x.amax(-1, true)).exp(); // (..., C), the largest is 1
        return powers.div(powers.sum(-1, true)); // (..., C)
        // ---
    }
}
