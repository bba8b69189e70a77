package gradus.lessons.preferences;

import gradus.tensor.Tensor;

/// The loss of a reward model, which learns scores from pairs of answers of which people preferred one.
public final class RewardPair {
    private RewardPair() {}

    /// In the model of Bradley and Terry the chosen answer, with the score `r_w`, beats the rejected one, with
    /// `r_l`, with the probability `σ(r_w - r_l)`. The loss of a pair is the negative logarithm of it. A margin
    /// m says by how much the chosen score should be ahead at least:
    ///
    /// `-ln σ(r_w - r_l - m)`
    ///
    /// The result is the **mean** over the pairs. Gradients flow to both scores; the margins are data and get
    /// **no gradient**. Scores may be hundreds apart, and the loss must be finite then: in float32 `σ(-200)` is
    /// 0.
    ///
    /// **Shapes** chosen (N), rejected (N), margin (N) → ()
    public static Tensor loss(Tensor chosen, Tensor rejected, Tensor margin) {
        // --- your answer
        Tensor lead = chosen.sub(rejected).sub(margin.detach()); // (N)
        return lead.logSigmoid().mean().neg(); // ()
        // ---
    }
}
