package gradus.train.rl;

import static gradus.error.ConfigException.require;

import gradus.error.NumericException;
import java.util.List;

/// Where the problems come from that a policy is trained on, and others that it is only measured on. A task
/// with known answers is one ([gradus.train.rl.verifiable.Answers]); a reward model with prompts is another.
public interface Environment {

    /// The problem of that number; the same number is always the same problem. Training asks for 0, 1, 2, …
    Problem problem(long number);

    /// What completions are worth, one of each problem. They are paid one by one; an environment that is faster
    /// at many together says so here.
    ///
    /// @return a finite number for each, the larger the better
    default double[] rewards(List<? extends Problem> problems, List<Completion> completions) {
        double[] rewards = new double[completions.size()];
        for (int i = 0; i < rewards.length; i++) {
            rewards[i] = problems.get(i).reward(completions.get(i));
        }
        return rewards;
    }

    /// The same, if one can learn from them.
    ///
    /// @throws gradus.error.ConfigException if there is not one for each
    /// @throws NumericException             naming the problem, if a reward is NaN or infinite
    default double[] finiteRewards(List<? extends Problem> problems, List<Completion> completions) {
        double[] rewards = rewards(problems, completions);
        require(
                rewards != null && rewards.length == completions.size(),
                "there must be a reward for each of the %d completions; got %s",
                completions.size(),
                rewards == null ? "none" : String.valueOf(rewards.length));
        for (int i = 0; i < rewards.length; i++) {
            if (!Double.isFinite(rewards[i])) {
                throw new NumericException("the reward of a completion of %s tokens for the prompt %s is %s"
                        .formatted(completions.get(i).length(), problems.get(i), rewards[i]));
            }
        }
        return rewards;
    }

    /// What the [#fingerprint] was in earlier versions of the library.
    default String formerFingerprint() {
        return fingerprint();
    }

    /// Problems that training never asks for; may be empty.
    List<? extends Problem> heldOut();

    /// The token that ends a completion.
    int end();

    /// A text that tells these problems and rewards from any other.
    String fingerprint();
}
