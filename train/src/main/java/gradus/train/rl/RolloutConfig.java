package gradus.train.rl;

import static gradus.error.ConfigException.require;

/// How many completions an iteration draws, and how often it learns from them. One iteration draws N = P·G
/// completions with the weights as they are, and then takes `numIterations·minibatches` steps of the optimiser:
/// in each epoch the completions are shuffled and dealt into minibatches, one a step.
///
/// @param prompts             P, different prompts of an iteration
/// @param numGenerations      G, completions of each prompt
/// @param maxCompletionLength the most tokens of a completion, with the one that ends it
/// @param temperature         of the draws, above 0
/// @param numIterations       epochs over the completions, μ of GRPO
/// @param minibatches         of an epoch
/// @param accumulation        parts in which a minibatch is computed, one after the other
public record RolloutConfig(
        int prompts,
        int numGenerations,
        int maxCompletionLength,
        double temperature,
        int numIterations,
        int minibatches,
        int accumulation) {

    /// @throws gradus.error.ConfigException if a number is out of range
    public RolloutConfig {
        require(prompts >= 1, "prompts must be at least 1; got %d", prompts);
        require(numGenerations >= 1, "numGenerations must be at least 1; got %d", numGenerations);
        require(maxCompletionLength >= 1, "maxCompletionLength must be at least 1; got %d", maxCompletionLength);
        require(
                temperature > 0 && Double.isFinite(temperature),
                "temperature must be a number above 0: what is drawn greedily teaches nothing; got %s",
                temperature);
        require(numIterations >= 1, "numIterations must be at least 1; got %d", numIterations);
        require(minibatches >= 1, "minibatches must be at least 1; got %d", minibatches);
        require(accumulation >= 1, "accumulation must be at least 1; got %d", accumulation);
    }

    /// 16 prompts, 8 completions each, of at most 64 tokens, learned from once, all together.
    public static RolloutConfig defaults() {
        return new RolloutConfig(16, 8, 64, 1, 1, 1, 1);
    }

    /// Throws if the numbers do not fit together.
    ///
    /// @return this
    /// @throws gradus.error.ConfigException naming the numbers
    public RolloutConfig validate() {
        long all = (long) prompts * numGenerations;
        long parts = (long) minibatches * accumulation;
        require(
                all * maxCompletionLength <= Integer.MAX_VALUE,
                "prompts·numGenerations·maxCompletionLength must be below 2^31; got %d·%d·%d",
                prompts,
                numGenerations,
                maxCompletionLength);
        require(
                all % parts == 0,
                "prompts·numGenerations must be a multiple of minibatches·accumulation; got %d·%d and %d·%d",
                prompts,
                numGenerations,
                minibatches,
                accumulation);
        return this;
    }

    /// N, the completions of an iteration.
    public int completions() {
        return prompts * numGenerations;
    }

    /// How many steps of the optimiser an iteration takes.
    public int steps() {
        return numIterations * minibatches;
    }

    public RolloutConfig withPrompts(int prompts) {
        return new RolloutConfig(
                prompts, numGenerations, maxCompletionLength, temperature, numIterations, minibatches, accumulation);
    }

    public RolloutConfig withNumGenerations(int numGenerations) {
        return new RolloutConfig(
                prompts, numGenerations, maxCompletionLength, temperature, numIterations, minibatches, accumulation);
    }

    public RolloutConfig withMaxCompletionLength(int maxCompletionLength) {
        return new RolloutConfig(
                prompts, numGenerations, maxCompletionLength, temperature, numIterations, minibatches, accumulation);
    }

    public RolloutConfig withTemperature(double temperature) {
        return new RolloutConfig(
                prompts, numGenerations, maxCompletionLength, temperature, numIterations, minibatches, accumulation);
    }

    public RolloutConfig withNumIterations(int numIterations) {
        return new RolloutConfig(
                prompts, numGenerations, maxCompletionLength, temperature, numIterations, minibatches, accumulation);
    }

    public RolloutConfig withMinibatches(int minibatches) {
        return new RolloutConfig(
                prompts, numGenerations, maxCompletionLength, temperature, numIterations, minibatches, accumulation);
    }

    public RolloutConfig withAccumulation(int accumulation) {
        return new RolloutConfig(
                prompts, numGenerations, maxCompletionLength, temperature, numIterations, minibatches, accumulation);
    }
}
