package gradus.layers.loss.alignment;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;

/// The loss of a reward model that is to give the better of two answers the higher score: the mean of
/// `-ln σ(r_w - r_l - m) + c·(r_w + r_l)²`, w for the chosen and l for the rejected one.
///
/// Without m and c it is the negative log-likelihood of the Bradley-Terry model (1952), in which w beats l with
/// probability `σ(r_w - r_l)`; Ouyang et al. 2022, arXiv:2203.02155, equation 1. It depends on differences only, so a
/// constant added to all scores changes nothing; centring with a small c keeps their mean at 0 (Eisenstein et al. 2023,
/// arXiv:2312.09244). A margin m says how much better the chosen one is at least (Touvron et al. 2023,
/// arXiv:2307.09288, equation 2). As TRL's RewardTrainer.
///
/// Departures: the paper of equation 1 ranks 4 to 9 answers and averages over all their pairs; here a pair is a pair.
public final class RewardPairLoss {
    private RewardPairLoss() {}

    /// **Shapes** chosen (N), rejected (N), margin (N) or null → ()
    ///
    /// @param chosen   scores of the better answers
    /// @param rejected scores of the worse ones
    /// @param margin   m, or null for 0; used detached
    /// @param centring c, at least 0; TRL's `center_rewards_coefficient`, of which 0.01 is usual and 0 leaves it
    out
    /// @throws gradus.error.ConfigException if c is negative or not finite
    /// @throws gradus.error.ShapeException  if the shapes differ
    public static Tensor of(Tensor chosen, Tensor rejected, Tensor margin, double centring) {
        require(
                centring >= 0 && Double.isFinite(centring),
                "rewardPairLoss: centring must be at least 0; got %s",
                centring);
        TokenShapes.requireRows("rewardPairLoss", "chosen", chosen, "rejected", rejected);
        Tensor difference = chosen.sub(rejected); // (N)
        if (margin != null) {
            TokenShapes.requireRows("rewardPairLoss", "chosen", chosen, "margin", margin);
            difference = difference.sub(margin.detach()); // (N)
        }
        Tensor loss = difference.logSigmoid().mean().neg(); // ()
        return centring == 0
                ? loss
                : loss.add(chosen.add(rejected).square().mean().mul(centring)); // ()
    }
}
