package gradus.train.rl;

import static gradus.error.ConfigException.require;

import gradus.layers.loss.alignment.Aggregation;
import gradus.layers.loss.alignment.ImportanceRatio;
import gradus.layers.loss.alignment.KlEstimator;

/// The settings of [GroupPolicyTask]. The algorithms that learn without a critic differ in them alone:
///
/// | | advantage | ratio | mean over |
/// |---|---|---|---|
/// | [#grpo] | (R - mean)/std | token | sequences, of the mean over their tokens |
/// | [#drGrpo] | R - mean | token | sequences, of the sum over their tokens, divided by the limit |
/// | [#bnpo] | (R - mean)/std | token | tokens of a part |
/// | [#dapo] | (R - mean)/std | token, clipped at 0.2 below and 0.28 above | tokens of the step |
/// | [#gspo] | (R - mean)/std | sequence, clipped at 3e-4 and 4e-4 | as grpo |
/// | [#rloo] | R - mean of the others | token | as drGrpo |
/// | [#reinforce] | R - mean of the batch | token | as drGrpo |
/// | [#luspo] | (R - mean)/std | as gspo | sequences, of the sum over their tokens |
/// | [#cispo] | (R - mean)/std | token, a weight of at most 5 | tokens of the step |
/// | [#sapo] | (R - mean)/std | token, behind a soft gate | as grpo |
/// | [#vespo] | (R - mean)/std | product over the sequence, weighed softly | tokens of the step |
///
/// @param advantage    how good a completion is beside the others of its prompt
/// @param aggregation  how the losses of tokens become one number
/// @param ratio        what the loss makes of how much the policy has changed since the completions were drawn
/// @param kl           what departing from the reference costs
/// @param entropyCoef  weight of the entropy bonus, at least 0
/// @param maskTruncatedCompletions whether completions that were cut at the limit teach nothing: their reward
///     still counts in the advantages of the others, but none of their tokens has a loss
public record GroupPolicyConfig(
        GroupAdvantage advantage,
        Aggregation aggregation,
        RatioConfig ratio,
        KlPrice kl,
        double entropyCoef,
        boolean maskTruncatedCompletions) {

    /// @throws gradus.error.ConfigException if a value is out of range or missing
    public GroupPolicyConfig {
        require(
                advantage != null && aggregation != null && ratio != null && kl != null,
                "advantage, aggregation, ratio and kl must be given; got %s, %s, %s and %s",
                advantage,
                aggregation,
                ratio,
                kl);
        require(
                entropyCoef >= 0 && Double.isFinite(entropyCoef),
                "entropyCoef must be at least 0; got %s",
                entropyCoef);
    }

    private static GroupPolicyConfig of(
            GroupAdvantage advantage, ImportanceRatio ratio, Aggregation aggregation, double low, double high) {
        return new GroupPolicyConfig(
                advantage, aggregation, RatioConfig.clipped(ratio, low, high), KlPrice.NOTHING, 0, false);
    }

    /// Shao et al. 2024, arXiv:2402.03300; β = 0 as in TRL, where the paper has 0.04.
    public static GroupPolicyConfig grpo() {
        return of(GroupAdvantage.NORMALISED, ImportanceRatio.TOKEN, Aggregation.GRPO, 0.2, 0.2);
    }

    /// Liu et al. 2025, "Understanding R1-Zero-like training", arXiv:2503.20783.
    public static GroupPolicyConfig drGrpo() {
        return of(GroupAdvantage.CENTRED, ImportanceRatio.TOKEN, Aggregation.DR_GRPO, 0.2, 0.2);
    }

    /// GRPO with the mean over the tokens of a part.
    public static GroupPolicyConfig bnpo() {
        return of(GroupAdvantage.NORMALISED, ImportanceRatio.TOKEN, Aggregation.BNPO, 0.2, 0.2);
    }

    /// Yu et al. 2025, arXiv:2503.14476, without its dynamic sampling and its penalty for overlong answers.
    public static GroupPolicyConfig dapo() {
        return of(GroupAdvantage.NORMALISED, ImportanceRatio.TOKEN, Aggregation.DAPO, 0.2, 0.28);
    }

    /// Zheng et al. 2025, arXiv:2507.18071.
    public static GroupPolicyConfig gspo() {
        return of(GroupAdvantage.NORMALISED, ImportanceRatio.SEQUENCE, Aggregation.GRPO, 3e-4, 4e-4);
    }

    /// Ahmadian et al. 2024, arXiv:2402.14740, here with the clipped ratio of each token, so that several steps
    /// may learn from the same completions; with one step the ratio is 1, and this is REINFORCE with that
    /// baseline.
    public static GroupPolicyConfig rloo() {
        return of(GroupAdvantage.LEAVE_ONE_OUT, ImportanceRatio.TOKEN, Aggregation.DR_GRPO, 0.2, 0.2);
    }

    /// Williams 1992, with the mean reward of the batch as baseline; as [#rloo] otherwise.
    public static GroupPolicyConfig reinforce() {
        return of(GroupAdvantage.BATCH_CENTRED, ImportanceRatio.TOKEN, Aggregation.DR_GRPO, 0.2, 0.2);
    }

    /// GSPO without its division by the length: "Length-unbiased sequence policy optimization",
    /// arXiv:2602.05261.
    public static GroupPolicyConfig luspo() {
        return of(GroupAdvantage.NORMALISED, ImportanceRatio.SEQUENCE, Aggregation.LUSPO, 3e-4, 4e-4);
    }

    /// MiniMax 2025, arXiv:2506.13585; with ε_high = 4 the largest weight is 5, as TRL recommends.
    public static GroupPolicyConfig cispo() {
        return of(GroupAdvantage.NORMALISED, ImportanceRatio.TOKEN, Aggregation.DAPO, 0.2, 4)
                .withSurrogate(Surrogate.CISPO);
    }

    /// Gao et al. 2025, arXiv:2511.20347. What ε bounds is only counted.
    public static GroupPolicyConfig sapo() {
        return of(GroupAdvantage.NORMALISED, ImportanceRatio.TOKEN, Aggregation.GRPO, 0.2, 0.2)
                .withSurrogate(Surrogate.SAPO);
    }

    /// arXiv:2602.10693. What ε bounds is only counted.
    public static GroupPolicyConfig vespo() {
        return of(GroupAdvantage.NORMALISED, ImportanceRatio.TOKEN, Aggregation.DAPO, 0.2, 0.2)
                .withSurrogate(Surrogate.VESPO);
    }

    public GroupPolicyConfig withAdvantage(GroupAdvantage advantage) {
        return new GroupPolicyConfig(advantage, aggregation, ratio, kl, entropyCoef, maskTruncatedCompletions);
    }

    public GroupPolicyConfig withRatio(RatioConfig ratio) {
        return new GroupPolicyConfig(advantage, aggregation, ratio, kl, entropyCoef, maskTruncatedCompletions);
    }

    public GroupPolicyConfig withEpsilon(double low, double high) {
        return withRatio(ratio.withEpsilon(low, high));
    }

    public GroupPolicyConfig withSurrogate(Surrogate surrogate) {
        return withRatio(ratio.withSurrogate(surrogate));
    }

    public GroupPolicyConfig withDelta(double delta) {
        return withRatio(ratio.withDelta(delta));
    }

    public GroupPolicyConfig withKl(KlPrice kl) {
        return new GroupPolicyConfig(advantage, aggregation, ratio, kl, entropyCoef, maskTruncatedCompletions);
    }

    public GroupPolicyConfig withBeta(double beta) {
        return withKl(new KlPrice(beta, kl.estimator(), kl.inReward()));
    }

    public GroupPolicyConfig withKl(KlEstimator estimator, boolean inReward) {
        return withKl(new KlPrice(kl.beta(), estimator, inReward));
    }

    public GroupPolicyConfig withEntropyCoef(double entropyCoef) {
        return new GroupPolicyConfig(advantage, aggregation, ratio, kl, entropyCoef, maskTruncatedCompletions);
    }

    public GroupPolicyConfig withMaskTruncatedCompletions(boolean maskTruncatedCompletions) {
        return new GroupPolicyConfig(advantage, aggregation, ratio, kl, entropyCoef, maskTruncatedCompletions);
    }

    /// All settings side by side. Checkpoints know a training by this text: it must not change.
    @Override
    public String toString() {
        return "GroupPolicyConfig[advantage=" + advantage
                + ", ratio=" + ratio.of()
                + ", aggregation=" + aggregation
                + ", epsilonLow=" + ratio.epsilonLow()
                + ", epsilonHigh=" + ratio.epsilonHigh()
                + ", beta=" + kl.beta()
                + ", kl=" + kl.estimator()
                + ", klInReward=" + kl.inReward()
                + ", entropyCoef=" + entropyCoef
                + ", surrogate=" + ratio.surrogate()
                + ", delta=" + ratio.delta()
                + ", maskTruncatedCompletions=" + maskTruncatedCompletions + "]";
    }
}
