package gradus.layers.loss.alignment;

import gradus.tensor.Tensor;

/// Estimates of `KL(π‖ref) = E_π[ln π - ln ref]`, how far a policy π has moved from a reference, from samples
/// of π: one number for each token that was drawn, of which the mean is taken. With `x = ln ref - ln π` of the
/// token. Schulman 2020, "Approximating KL divergence", joschu.net/blog/kl-approx.html; the names are his.
///
/// **An estimator may be right and its gradient wrong.** The samples were drawn with π, and autograd does not
/// see that; so the gradient of the estimate as a loss is not the gradient of what it estimates:
///
/// | | mean | gradient as a loss | so added to a loss |
/// |---|---|---|---|
/// | k1 | KL(π‖ref) | 0 on average | does nothing; it belongs into the reward |
/// | k2 | nearly KL(π‖ref) | that of KL(π‖ref) | draws towards `ref·exp(reward/β)/Z` |
/// | k3 | KL(π‖ref) | that of KL(ref‖π) | draws towards `β·ref/(λ - reward)` |
///
/// In the second and third line the distributions are those of one decision, a token or a whole answer: k2 of
/// tokens does not see that a token also decides how far the tokens after it depart.
public enum KlEstimator {
    /// `k1 = -x = ln π - ln ref`: unbiased, but of either sign, with a large variance.
    K1 {
        @Override
        Tensor estimate(Tensor logRatio) {
            return logRatio.neg();
        }
    },
    /// `k2 = ½x²`: never negative, with a small variance, but biased where π and ref differ much.
    K2 {
        @Override
        Tensor estimate(Tensor logRatio) {
            return logRatio.square().mul(0.5);
        }
    },
    /// `k3 = eˣ - 1 - x`: unbiased and never negative, for `E_π[eˣ] = 1` and `eˣ ≥ 1 + x`. GRPO takes it, Shao
    /// et al. 2024, arXiv:2402.03300, equation 4.
    K3 {
        @Override
        Tensor estimate(Tensor logRatio) {
            return logRatio.expm1().sub(logRatio); // expm1: near 0 the estimate is ½x², and exp - 1 would lose it
        }
    };

    /// @param logRatio x
    abstract Tensor estimate(Tensor logRatio);

    /// **Shapes** logProbs (N, T), reference (N, T) → (N, T)
    ///
    /// @param logProbs  ln π of the sampled tokens
    /// @param reference ln ref of the same tokens, usually without a gradient
    /// @throws gradus.error.ShapeException if the shapes differ
    public Tensor of(Tensor logProbs, Tensor reference) {
        TokenShapes.requireAlike("klEstimator", "logProbs", logProbs, "reference", reference);
        return estimate(reference.sub(logProbs)); // (N, T)
    }
}
