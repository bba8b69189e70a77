package gradus.lessons.experts;

import gradus.tensor.Tensor;

/// What is added to the loss so that no expert lies idle.
public final class SwitchBalance {
    private SwitchBalance() {}

    /// `E·Σ f_e·P_e` over the experts. Each of the N tokens goes to the one expert with its highest score.
    ///
    /// - `f_e` is the part of the tokens that go to expert e. It has no gradient.
    /// - `P_e` is the mean over the tokens of expert e's probability in the softmax of all scores.
    ///
    /// No two scores of a token are equal. Gradients must flow to the scores, through P.
    ///
    /// **Shapes** logits (N, E) → ()
    public static Tensor loss(Tensor logits) {
        // --- your answer
        int experts = logits.dim(1);
        Tensor chosen = Tensor.oneHot(logits.detach().argmax(1), experts); // (N, E)
        Tensor f = chosen.mean(0); // (E)
        Tensor p = logits.softmax().mean(0); // (E)
        return f.mul(p).sum().mul(experts); // ()
        // ---
    }
}
