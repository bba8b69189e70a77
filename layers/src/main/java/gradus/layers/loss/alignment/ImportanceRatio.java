package gradus.layers.loss.alignment;

import gradus.tensor.Tensor;

/// How much more probable a policy π makes what was drawn than π_old did, with which it was drawn. With the ratio as
/// weight, samples of π_old tell about π. Ratios are products over tokens, so they are computed as sums of logarithms;
/// [ClippedSurrogate#ofLogRatio] takes the logarithm.
public enum ImportanceRatio {
    /// Each token has its own ratio, `ln ρ_t = ln π(y_t) - ln π_old(y_t)`. PPO and GRPO.
    TOKEN {
        @Override
        Tensor of(Tensor difference, Tensor mask) {
            return difference; // (N, T)
        }
    },
    /// All tokens of an answer share the geometric mean of their ratios, `ln s = 1/|y|·Σ_t (ln π(y_t) - ln
    /// π_old(y_t))`.
    /// A reward is paid for the whole answer, so the weight belongs to the whole answer too; and a mean over tokens
    /// fluctuates less. Zheng et al. 2025 (GSPO), arXiv:2507.18071, equation 7. Ratios are much nearer to 1 than
    those
    /// of tokens: the paper clips at 3e-4 and 4e-4.
    SEQUENCE {
        @Override
        Tensor of(Tensor difference, Tensor mask) {
            Tensor sums = difference.maskedFill(mask.eq(0), 0).sum(-1, true); // (N, 1)
            return sums.div(mask.sum(-1, true).clamp(1, Double.POSITIVE_INFINITY)); // (N, 1)
        }
    };

    abstract Tensor of(Tensor difference, Tensor mask);

    /// The logarithm of the ratio. Its gradient goes to `logProbs` only.
    ///
    /// **Shapes** logProbs (N, T), old (N, T), mask (N, T) → (N, T) or, of sequences, (N, 1)
    ///
    /// @param logProbs ln π of the sampled tokens
    /// @param old      ln π_old of the same tokens, used detached
    /// @param mask     1 at the tokens of the answer, 0 elsewhere; the ratio of an answer without tokens is 1
    /// @throws gradus.error.ShapeException if the shapes differ
    public Tensor logRatio(Tensor logProbs, Tensor old, Tensor mask) {
        TokenShapes.requireAlike("importanceRatio", "logProbs", logProbs, "old", old);
        TokenShapes.requireAlike("importanceRatio", "logProbs", logProbs, "mask", mask);
        return of(logProbs.sub(old.detach()), mask);
    }
}
