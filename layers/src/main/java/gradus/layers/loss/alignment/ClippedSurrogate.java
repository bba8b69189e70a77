package gradus.layers.loss.alignment;

import static gradus.error.ConfigException.require;
import static gradus.error.ShapeException.given;

import gradus.tensor.Tensor;

/// The objective of PPO, as a loss of each token: `max(-A·ρ, -A·clip(ρ, 1-ε_low, 1+ε_high))`, with `ρ =
/// π/π_old` and the advantage A. Schulman et al. 2017, arXiv:1707.06347, equation 7. Two bounds as in Yu et
/// al. 2025 (DAPO), arXiv:2503.14476, equation 8; the paper's are equal.
///
/// While ρ is 1, the gradient is that of [Reinforce]. Of two values the worse counts, so a change that would
/// pay is followed only as far as the bound, and one that does harm is always undone. The gradient is 0
/// exactly if A > 0 and ρ > 1 + ε_high, or A < 0 and ρ < 1 - ε_low.
///
/// While A < 0 nothing bounds the loss above: a token that has become a thousand times more probable draws a
/// thousand times as much. With a δ it is `max(-A·min(ρ, δ), …)`, and beyond δ the gradient is 0 ("two-sided
/// clip", Prime Intellect 2025, INTELLECT-2, arXiv:2505.07291; "dual clip", Ye et al. 2019,
/// arXiv:1912.09729). TRL's `delta`.
public final class ClippedSurrogate {
    private ClippedSurrogate() {}

    /// With the ratio of each token.
    ///
    /// **Shapes** logProbs (N, T), old (N, T), advantages (N, T) or (N, 1) → (N, T)
    ///
    /// @param logProbs   ln π of the sampled tokens
    /// @param old        ln π_old of the same tokens, used detached
    /// @param advantages how much better than expected a token, or its answer, was; used detached
    /// @param low        ε_low, from 0 to 1; 0.2 is usual
    /// @param high       ε_high, at least 0; ∞ for no bound above
    /// @throws gradus.error.ConfigException if a bound is out of range
    /// @throws gradus.error.ShapeException  if the shapes do not fit
    public static Tensor of(Tensor logProbs, Tensor old, Tensor advantages, double low, double high) {
        TokenShapes.requireAlike("clippedSurrogate", "logProbs", logProbs, "old", old);
        return ofLogRatio(logProbs.sub(old.detach()), advantages, low, high);
    }

    /// With any ratio, as [ImportanceRatio#logRatio] gives it.
    ///
    /// **Shapes** logRatio (N, T) or (N, 1), advantages the same or (N, 1) → as logRatio
    ///
    /// @param logRatio ln ρ
    public static Tensor ofLogRatio(Tensor logRatio, Tensor advantages, double low, double high) {
        return ofLogRatio(logRatio, advantages, low, high, Double.POSITIVE_INFINITY);
    }

    /// With a second bound.
    ///
    /// **Shapes** logRatio (N, T) or (N, 1), advantages the same or (N, 1) → as logRatio
    ///
    /// @param logRatio ln ρ
    /// @param delta    δ, at least 1 + ε_high, or it would bound what pays; ∞ for none
    /// @throws gradus.error.ConfigException if a bound is out of range
    public static Tensor ofLogRatio(Tensor logRatio, Tensor advantages, double low, double high, double delta) {
        require(low >= 0 && low <= 1, "clippedSurrogate: low must be from 0 to 1; got %s", low);
        require(high >= 0, "clippedSurrogate: high must be at least 0; got %s", high);
        require(delta >= 1 + high, "clippedSurrogate: delta must be at least 1 + high = %s; got %s", 1 + high, delta);
        given(logRatio, "clippedSurrogate", "the log-ratio");
        TokenShapes.requireAlike("clippedSurrogate", "logRatio", logRatio, "logRatio", logRatio);
        TokenShapes.requireColumns("clippedSurrogate", "advantages", advantages, logRatio);
        Tensor ratio = logRatio.exp(); // (N, T)
        Tensor loss = advantages.detach().neg(); // (N, T) or (N, 1)
        Tensor bounded = delta == Double.POSITIVE_INFINITY ? ratio : ratio.clamp(0, delta); // (N, T)
        return loss.mul(bounded).maximum(loss.mul(ratio.clamp(1 - low, 1 + high))); // (N, T)
    }
}
