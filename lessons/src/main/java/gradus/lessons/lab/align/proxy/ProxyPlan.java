package gradus.lessons.lab.align.proxy;

import static gradus.error.ConfigException.require;

/// How much part (c) draws and trains.
///
/// @param seeds      of gold rewards, policies and reward models
/// @param limit      the most tokens of an answer
/// @param few        comparisons of the smaller set
/// @param many       comparisons of the larger one
/// @param rewardSteps of a reward model's training
/// @param iterations of PPO
/// @param doublings  best of 1, 2, 4, … 2 to this power
public record ProxyPlan(int seeds, int limit, int few, int many, int rewardSteps, int iterations, int doublings) {

    /// @throws gradus.error.ConfigException if a number is too small
    public ProxyPlan {
        require(
                seeds >= 2 && limit >= 1 && few >= 1 && many > few,
                "there must be 2 seeds, and more than a few comparisons; got %d seeds, %d tokens, %d and %d",
                seeds,
                limit,
                few,
                many);
        require(
                rewardSteps >= 1 && iterations >= 1 && doublings >= 1,
                "there must be a step, an iteration and a doubling at least; got %d, %d and %d",
                rewardSteps,
                iterations,
                doublings);
    }

    /// Five seeds, 2,801 answers of up to four tokens.
    public static ProxyPlan standard() {
        return new ProxyPlan(5, 4, 800, 12_800, 150, 30, 16);
    }
}
