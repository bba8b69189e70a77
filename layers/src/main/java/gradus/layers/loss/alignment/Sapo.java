package gradus.layers.loss.alignment;

import static gradus.error.ConfigException.require;
import static gradus.error.ShapeException.given;

import gradus.tensor.Tensor;

/// A loss of each token of `-A·4/τ·σ(τ·(ρ - 1))`, with the ratio `ρ = π/π_old`: [ClippedSurrogate] without
/// edges. At ρ = 1 its gradient is that of [Reinforce], and it fades the farther ρ is from 1, the faster the
/// larger τ is. A token with A > 0 has the temperature τ_pos, any other τ_neg, usually larger: pushing a token
/// down raises all others, so it is the less stable direction. Gao et al. 2025 ("Soft adaptive policy
/// optimization"), arXiv:2511.20347. TRL's `sapo`.
public final class Sapo {
    private static final double FADED = 20; // of ln ρ: σ is 1 and its slope 0 there, and eˣ is still a number

    private Sapo() {}

    /// **Shapes** logRatio (N, T) or (N, 1), advantages the same or (N, 1) → as logRatio
    ///
    /// @param logRatio   ln ρ, as [ImportanceRatio#logRatio] gives it
    /// @param advantages A, used detached
    /// @param positive   τ_pos, above 0; 1 is usual
    /// @param negative   τ_neg, above 0; 1.05 is usual
    /// @throws gradus.error.ConfigException if a temperature is not above 0
    /// @throws gradus.error.ShapeException  if the shapes do not fit
    public static Tensor of(Tensor logRatio, Tensor advantages, double positive, double negative) {
        require(
                positive > 0 && negative > 0 && Double.isFinite(positive) && Double.isFinite(negative),
                "sapo: temperatures must be above 0; got %s and %s",
                positive,
                negative);
        given(logRatio, "sapo", "the log-ratio");
        TokenShapes.requireAlike("sapo", "logRatio", logRatio, "logRatio", logRatio);
        TokenShapes.requireColumns("sapo", "advantages", advantages, logRatio);
        double[] each = advantages.toArray();
        for (int i = 0; i < each.length; i++) {
            each[i] = each[i] > 0 ? positive : negative;
        }
        Tensor tau = advantages.newEmpty(advantages.shape()).set(each); // (N, T) or (N, 1)
        Tensor ratio = logRatio.clamp(Double.NEGATIVE_INFINITY, FADED).exp(); // (N, T)
        Tensor gate = ratio.sub(1).mul(tau).sigmoid(); // (N, T)
        return advantages.detach().mul(-4).div(tau).mul(gate); // (N, T)
    }
}
