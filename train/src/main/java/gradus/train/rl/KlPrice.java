package gradus.train.rl;

import static gradus.error.ConfigException.require;

import gradus.layers.loss.alignment.KlEstimator;

/// What departing from the reference model costs.
///
/// @param beta      β, the price of a nat; 0 leaves the reference out
/// @param estimator of the divergence
/// @param inReward  whether the divergence is subtracted from the reward, summed over the completion, rather than
///     added to the loss, token by token
public record KlPrice(double beta, KlEstimator estimator, boolean inReward) {
    /// No reference.
    public static final KlPrice NOTHING = new KlPrice(0, KlEstimator.K3, false);

    /// @throws gradus.error.ConfigException if β is negative or not finite, or the estimator missing
    public KlPrice {
        require(beta >= 0 && Double.isFinite(beta), "beta must be a number of at least 0; got %s", beta);
        require(estimator != null, "kl must be given; got null");
    }
}
