/// The losses that teach a model what people, or a program that checks answers, prefer. Each is a pure function
/// of log-probabilities and rewards: it knows no model and no data.
///
/// - From pairs of answers, [RewardPairLoss] trains a reward model, and [PreferenceLoss], DPO and its
///   relatives, trains the policy itself, with [AnswerNll] beside it. [UnpairedLoss], of which [KtoLoss] is
///   one,
///   does so from answers that are not paired.
/// - From answers that the model drew itself, [Reinforce] is the policy gradient, with the baseline of [Rloo];
///   [ClippedSurrogate] is the loss of PPO and GRPO, with an [ImportanceRatio]; [Cispo], [Sapo] and [Vespo] are
///   in its place where a clip is to be softer; [ValueLoss] trains the critic;
///   [KlEstimator] and [TokenEntropy] say how far the policy went and how sure it became.
///
/// Letters: N answers of at most T tokens, vocabulary V. A mask is 1 at the tokens of an answer and 0 at
/// padding and prompt; what stands there has no influence, but must be finite. [Aggregation] turns losses of
/// tokens into one number.
package gradus.layers.loss.alignment;
