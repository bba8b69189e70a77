package gradus.layers.loss.alignment;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Tensor;

/// The entropy `H = -Σ_v p_v·ln p_v` of the distribution `p = softmax(logits)` of the next token, in nats: 0
/// if one token is certain, ln V if all are equally likely. A policy that is rewarded becomes ever more
/// certain and stops trying; a loss of `-c·H` with a small c works against it ("entropy bonus", Williams &
/// Peng 1991; Mnih et al. 2016, arXiv:1602.01783).
public final class TokenEntropy {
    /// Below it, p is 0 in every dtype, and `0·ln 0` must be 0.
    private static final double CERTAINLY_ZERO = -1e30;

    private TokenEntropy() {}

    /// **Shapes** logits (..., V) → (...)
    ///
    /// @param logits may hold -∞, for tokens that cannot follow
    /// @throws gradus.error.ShapeException if there is no last axis
    public static Tensor of(Tensor logits) {
        given(logits, "tokenEntropy", "logits");
        require(logits.rank() >= 1, "tokenEntropy: logits must be (..., V); got %s", logits.shape());
        Tensor logP = logits.logSoftmax().clamp(CERTAINLY_ZERO, Double.POSITIVE_INFINITY); // (..., V)
        return logP.exp().mul(logP).sum(-1).neg(); // (...)
    }
}
