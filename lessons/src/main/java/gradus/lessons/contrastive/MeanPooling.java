package gradus.lessons.contrastive;

import gradus.tensor.Tensor;

/// One vector for a text of any length.
public final class MeanPooling {
    private MeanPooling() {}

    /// The mean of the vectors of a text's tokens. Texts of a batch are padded to one length: `mask` is 1 at a
    /// token and 0 at padding, whose vectors are numbers that mean nothing, large ones too. They must not count.
    /// A text without any token gets zeros.
    ///
    /// **Shapes** states (B, T, C), mask (B, T) → (B, C)
    public static Tensor pool(Tensor states, Tensor mask) {
        // --- your answer
        Tensor kept = mask.unsqueeze(2); // (B, T, 1)
        Tensor counts = kept.sum(1).clamp(1, Double.POSITIVE_INFINITY); // (B, 1)
        return states.mul(kept).sum(1).div(counts); // (B, C)
        // ---
    }
}
