package gradus.train.rl;

import static gradus.error.ConfigException.require;

/// How good a completion is beside the others of the same prompt: the baseline that takes the place of a critic.
public enum GroupAdvantage {
    /// GRPO: `(R - mean)/(std + 1e-4)` with the unbiased standard deviation. Shao et al. 2024, arXiv:2402.03300,
    /// equation 3.2; the 1e-4 is TRL's. Questions whose answers differ little count as much as others, so hard and
    /// easy ones weigh more than with [#CENTRED].
    NORMALISED {
        @Override
        double of(double reward, double mean, double std, int group) {
            return (reward - mean) / (std + EPS);
        }
    },
    /// Dr. GRPO: `R - mean`. Liu et al. 2025, arXiv:2503.20783, section 3.2.
    CENTRED {
        @Override
        double of(double reward, double mean, double std, int group) {
            return reward - mean;
        }
    },
    /// RLOO: `R - (mean of the other G-1) = (R - mean)·G/(G-1)`. Kool et al. 2019; Ahmadian et al. 2024,
    /// arXiv:2402.14740, equation 8. The baseline of a completion does not depend on it, so the gradient is unbiased.
    LEAVE_ONE_OUT {
        @Override
        double of(double reward, double mean, double std, int group) {
            return group == 1 ? 0 : (reward - mean) * group / (group - 1);
        }
    };

    private static final double EPS = 1e-4;

    abstract double of(double reward, double mean, double std, int group);

    /// The advantage of each completion. In a group of equal rewards, and in a group of one, all are 0: there is
    /// nothing to compare with.
    ///
    /// @param rewards those of the first G completions belong to one prompt, the next G to another, …
    /// @param group   G
    /// @throws gradus.error.ConfigException if the rewards are no whole groups
    public double[] of(double[] rewards, int group) {
        require(
                group >= 1 && rewards.length % group == 0,
                "advantages: %d rewards are no whole groups of %d",
                rewards.length,
                group);
        double[] advantages = new double[rewards.length];
        for (int from = 0; from < rewards.length; from += group) {
            double mean = mean(rewards, from, group);
            double std = std(rewards, from, group);
            for (int i = from; i < from + group; i++) {
                advantages[i] = std == 0 ? 0 : of(rewards[i], mean, std, group);
            }
        }
        return advantages;
    }

    private static double mean(double[] rewards, int from, int group) {
        double sum = 0;
        for (int i = from; i < from + group; i++) {
            sum += rewards[i];
        }
        return sum / group;
    }

    /// The unbiased standard deviation of a group; exactly 0 where all are equal.
    static double std(double[] rewards, int from, int group) {
        boolean equal = true;
        double mean = mean(rewards, from, group);
        double squares = 0;
        for (int i = from; i < from + group; i++) {
            equal &= rewards[i] == rewards[from];
            squares += (rewards[i] - mean) * (rewards[i] - mean);
        }
        return equal ? 0 : Math.sqrt(squares / (group - 1));
    }
}
