package gradus.train.rl;

/// A prompt, and what its completions are worth.
public interface Problem {

    /// The tokens to complete, at least one.
    int[] prompt();

    /// What a completion is worth; a finite number, the larger the better.
    double reward(Completion completion);
}
