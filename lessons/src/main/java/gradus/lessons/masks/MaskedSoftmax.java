package gradus.lessons.masks;

import gradus.tensor.Tensor;

/// Probabilities over the keys that may be seen.
public final class MaskedSoftmax {
    private MaskedSoftmax() {}

    /// Softmax over the last axis, of the seen keys alone: `pⱼ = mⱼ·exp(xⱼ) / Σₖ mₖ·exp(xₖ)`, so that hidden
    /// keys get exactly 0 and the seen ones add up to 1. A row that sees no key is 0 everywhere, not NaN, and
    /// its gradient is 0. Seen scores may lie between −200 and 200, hidden ones between −100,000 and 100,000.
    ///
    /// **Shapes** scores (..., Tq, Tk), mask broadcasts against it → as scores
    ///
    /// @param mask 1 where a key is seen, 0 where it is hidden
    public static Tensor softmax(Tensor scores, Tensor mask) {
        // --- your answer
        Tensor hidden = mask.eq(0);
        Tensor masked = scores.maskedFill(hidden, -1e30);
        Tensor powers = masked.sub(masked.amax(-1, true)).exp().maskedFill(hidden, 0);
        Tensor sum = powers.sum(-1, true); // (..., Tq, 1)
        return powers.div(sum.add(sum.eq(0)));
        // ---
    }
}
