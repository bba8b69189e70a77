package gradus.layers.loss.alignment;

import gradus.tensor.Tensor;

/// Losses that teach a policy from answers of which each was found good or bad by itself. The names are TRL's
/// (`loss_type`). With the log-ratio `x = ln π(y) - ln ref(y)` of an answer.
public enum UnpairedLoss {
    /// [KtoLoss]: what counts is x less the policy's divergence from the reference.
    KTO(true),
    /// `w_D·(1 - σ(βx))` of desirable answers and `w_U·σ(βx)` of the others: [KtoLoss] with a baseline of 0, so
    /// no batch must be read beside other prompts; for good answers that are better than what the policy
    /// writes. D'Oosterlinck et al. 2024, arXiv:2408.06266, equation 7 ([PreferenceLoss#APO_ZERO]), without
    /// pairs.
    APO_ZERO_UNPAIRED(false);

    private final boolean needsBaseline;

    UnpairedLoss(boolean needsBaseline) {
        this.needsBaseline = needsBaseline;
    }

    /// Whether the baseline counts.
    public boolean needsBaseline() {
        return needsBaseline;
    }

    /// The mean over answers.
    ///
    /// **Shapes** policy (N), reference (N), desirable (N), baseline () → ()
    ///
    /// @param policy            ln π of the answers, summed over tokens
    /// @param reference         ln ref of the same answers; used detached
    /// @param desirable         1 where an answer is desirable, 0 where it is not
    /// @param baseline          from [KtoLoss#baseline]; used detached, or not at all and may be null, see
    ///     [#needsBaseline]
    /// @param beta              β, above 0
    /// @param desirableWeight   w_D, at least 0
    /// @param undesirableWeight w_U, at least 0
    /// @throws gradus.error.ConfigException if β or a weight is out of range
    /// @throws gradus.error.ShapeException  if the shapes do not fit
    public Tensor of(
            Tensor policy,
            Tensor reference,
            Tensor desirable,
            Tensor baseline,
            double beta,
            double desirableWeight,
            double undesirableWeight) {
        Tensor z = needsBaseline ? baseline : Tensor.zeros(1).sum().to(policy.dtype()); // ()
        return KtoLoss.of(policy, reference, desirable, z, beta, desirableWeight, undesirableWeight);
    }
}
