package gradus.layers.loss.alignment;

import gradus.tensor.Tensor;

/// The policy gradient: a loss of `-A·ln π(token)` makes what turned out better than expected (A > 0) more
/// probable and the rest less. Its expected gradient over samples of π is that of the expected reward,
/// whatever baseline b, chosen without looking at the sample itself, is subtracted from the reward to give `A
/// = R - b`: `E_π[b·∇ln π] = 0`. A good baseline makes the gradient less noisy. Williams 1992, "Simple
/// statistical gradient-following algorithms".
///
/// The value of the loss means nothing; only its gradient does.
public final class Reinforce {
    private Reinforce() {}

    /// **Shapes** logProbs (N, T), advantages (N, T) or (N, 1) → (N, T)
    ///
    /// @param logProbs   ln π of tokens drawn from π
    /// @param advantages A, used detached
    /// @throws gradus.error.ShapeException if the shapes do not fit
    public static Tensor of(Tensor logProbs, Tensor advantages) {
        TokenShapes.requireAlike("reinforce", "logProbs", logProbs, "logProbs", logProbs);
        TokenShapes.requireColumns("reinforce", "advantages", advantages, logProbs);
        return advantages.detach().neg().mul(logProbs); // (N, T)
    }
}
