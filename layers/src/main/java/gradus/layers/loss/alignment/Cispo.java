package gradus.layers.loss.alignment;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;

/// A loss of each token of `-min(ρ, m)·A·ln π`, with the ratio `ρ = π/π_old`, used detached, as a weight: it is
/// [Reinforce] with samples of π_old. [ClippedSurrogate] takes the gradient of a clipped token away; here it is
/// only bounded, so rare tokens that became much more probable ("wait", "however") still teach. MiniMax 2025,
/// "MiniMax-M1", arXiv:2506.13585, equations 4 and 5, whose lower bound is off in their runs as it is here.
/// TRL's `cispo`.
public final class Cispo {
    private Cispo() {}

    /// **Shapes** logProbs (N, T), logRatio (N, T) or (N, 1), advantages the same → (N, T)
    ///
    /// @param logProbs   ln π of the sampled tokens
    /// @param logRatio   ln ρ, as [ImportanceRatio#logRatio] gives it; used detached
    /// @param advantages A, used detached
    /// @param max        m, the largest weight, above 0; TRL's `epsilon_high`, of which 5 is recommended
    /// @throws gradus.error.ConfigException if m is not above 0
    /// @throws gradus.error.ShapeException  if the shapes do not fit
    public static Tensor of(Tensor logProbs, Tensor logRatio, Tensor advantages, double max) {
        require(max > 0, "cispo: max must be above 0; got %s", max);
        TokenShapes.requireAlike("cispo", "logProbs", logProbs, "logProbs", logProbs);
        TokenShapes.requireColumns("cispo", "logRatio", logRatio, logProbs);
        TokenShapes.requireColumns("cispo", "advantages", advantages, logProbs);
        Tensor weight = logRatio.detach().exp().clamp(0, max); // (N, T) or (N, 1)
        return weight.mul(advantages.detach()).neg().mul(logProbs); // (N, T)
    }
}
