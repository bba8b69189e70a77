/// The losses that teach a model what people, or a program that checks answers, prefer. Each is a pure function of
/// log-probabilities and rewards: it knows no model and no data.
///
/// | from pairs of answers | from answers that the model drew itself |
/// |---|---|
/// | [RewardPairLoss][gradus.layers.loss.alignment.RewardPairLoss] of a reward model |
/// [Reinforce][gradus.layers.loss.alignment.Reinforce], the policy gradient, and
/// [Rloo][gradus.layers.loss.alignment.Rloo] |
/// | [PreferenceLoss][gradus.layers.loss.alignment.PreferenceLoss]: DPO and its relatives |
/// [ClippedSurrogate][gradus.layers.loss.alignment.ClippedSurrogate] of PPO and GRPO, with an
/// [ImportanceRatio][gradus.layers.loss.alignment.ImportanceRatio] |
/// | [KtoLoss][gradus.layers.loss.alignment.KtoLoss]: answers that are not paired |
/// [ValueLoss][gradus.layers.loss.alignment.ValueLoss] of the critic |
/// | | [KlEstimator][gradus.layers.loss.alignment.KlEstimator] and
/// [TokenEntropy][gradus.layers.loss.alignment.TokenEntropy] |
///
/// Letters: N answers of at most T tokens, vocabulary V. A mask is 1 at the tokens of an answer and 0 at padding and
/// prompt; what stands there has no influence, but must be finite.
/// [Aggregation][gradus.layers.loss.alignment.Aggregation] turns losses of tokens into one number.
package gradus.layers.loss.alignment;
