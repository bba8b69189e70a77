/// Reinforcement learning of language models: a policy writes completions ([gradus.train.rl.Rollouts]), is paid for
/// them ([gradus.train.rl.Environment]), and learns from what it was paid ([gradus.train.rl.GroupPolicyTask] by
/// comparing completions of one prompt, [gradus.train.rl.PpoTask] with a critic, [gradus.train.rl.ExpertIteration] by
/// heart). All three are tasks of the one [gradus.train.Trainer], and a fourth of one's own is written as they are, as
/// a [gradus.train.rl.PolicyTask].
package gradus.train.rl;
