package gradus.layers.loss.alignment;

import static gradus.error.ShapeException.require;

import gradus.tensor.Tensor;

/// The negative log-likelihood of answers, a mean over all their tokens together: `-Σ_i ln π(y_i) / Σ_i |y_i|`.
/// Supervised fine-tuning has no other loss. Beside a [PreferenceLoss] of which only differences count, it
/// keeps
/// the chosen answers themselves probable: `L_DPO + α·L_NLL` is "RPO", Pang et al. 2024, arXiv:2404.19733,
/// equation 1.
///
/// Departure: the paper takes the mean over the tokens of each answer first and then over pairs; as in TRL
/// (`sft` beside another `loss_type`, formerly `rpo_alpha`), all tokens of a batch count alike.
public final class AnswerNll {
    private AnswerNll() {}

    /// **Shapes** logProbs (N), lengths (N) → ()
    ///
    /// @param logProbs ln π of the answers, summed over their tokens ([SequenceLogProbs])
    /// @param lengths  how many tokens each has; used detached
    /// @return 0 if there is no token
    /// @throws gradus.error.ShapeException if the shapes differ, or a length is negative or not finite
    public static Tensor of(Tensor logProbs, Tensor lengths) {
        TokenShapes.requireRows("answerNll", "logProbs", logProbs, "lengths", lengths);
        double tokens = 0;
        for (double length : lengths.toArray()) {
            require(length >= 0 && Double.isFinite(length), "answerNll: a length must be at least 0; got %s", length);
            tokens += length;
        }
        return logProbs.sum().div(-Math.max(1, tokens)); // ()
    }
}
