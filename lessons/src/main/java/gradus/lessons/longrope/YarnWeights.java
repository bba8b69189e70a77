package gradus.lessons.longrope;

import gradus.tensor.Tensor;

/// YaRN's temperature: a longer context has more keys, and the softmax must be sharper.
public final class YarnWeights {
    private YarnWeights() {}

    /// The attention weights of queries and keys that are rotated already, for a context s times as long as
    /// the trained one. YaRN multiplies cosines and sines by `t = 0.1·ln s + 1`, that is queries and keys
    /// **each**. Here the same is to be done to the scores:
    ///
    /// `softmax(t²·q·kᵀ/√D)` over the keys
    ///
    /// For s of 1 or less, t is 1. Every query sees every key. Gradients must flow to q and k.
    ///
    /// **Shapes** q (B, H, T, D), k (B, H, S, D) → (B, H, T, S)
    ///
    /// @param scale s, above 0
    public static Tensor weights(Tensor q, Tensor k, double scale) {
        // --- your answer
        double factor = scale > 1 ? 0.1 * Math.log(scale) + 1 : 1;
        Tensor scores = q.matmul(k, false, true).mul(factor * factor / Math.sqrt(q.dim(3))); // (B, H, T, S)
        return scores.softmax();
        // ---
    }
}
