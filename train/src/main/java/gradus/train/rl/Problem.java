package gradus.train.rl;

import gradus.error.NumericException;

/// A prompt, and what its completions are worth.
public interface Problem {

    /// The tokens to complete, at least one.
    int[] prompt();

    /// What a completion is worth; a finite number, the larger the better.
    double reward(Completion completion);

    /// The same, if one can learn from it.
    ///
    /// @throws NumericException naming the problem, if the reward is NaN or infinite
    default double finiteReward(Completion completion) {
        double reward = reward(completion);
        if (!Double.isFinite(reward)) {
            throw new NumericException("the reward of a completion of %s tokens for the prompt %s is %s"
                    .formatted(completion.length(), this, reward));
        }
        return reward;
    }
}
