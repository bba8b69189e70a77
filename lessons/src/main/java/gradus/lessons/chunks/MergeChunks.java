package gradus.lessons.chunks;

import gradus.tensor.Tensor;

/// Two attentions over different keys become one.
public final class MergeChunks {
    private MergeChunks() {}

    /// `a` is the attention of some queries over a part of the keys, with a softmax over these only, and
    /// `logA` the logarithm of that softmax's denominator, `ln Σ exp(score)`. `b` and `logB` are the same for
    /// other keys. The result is the attention over all keys of both parts, as if one softmax had gone over
    /// them:
    ///
    /// `(e^logA·a + e^logB·b) / (e^logA + e^logB)`
    ///
    /// Logarithms may be as large as 1,000 and as small as -1,000, and are -∞ for a part without keys, but
    /// not for both. Gradients must flow to all four.
    ///
    /// **Shapes** a and b (B, H, T, D), logA and logB (B, H, T) → (B, H, T, D)
    public static Tensor merge(Tensor a, Tensor logA, Tensor b, Tensor logB) {
        // --- your answer
        Tensor most = logA.maximum(logB).detach(); // (B, H, T)
        Tensor powerA = logA.sub(most).exp().unsqueeze(3); // (B, H, T, 1)
        Tensor powerB = logB.sub(most).exp().unsqueeze(3); // (B, H, T, 1)
        Tensor sum = a.mul(powerA).add(b.mul(powerB)); // (B, H, T, D)
        return sum.div(powerA.add(powerB));
        // ---
    }
}
