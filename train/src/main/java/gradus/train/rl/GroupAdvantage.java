package gradus.train.rl;

import static gradus.error.ConfigException.require;

import gradus.layers.loss.alignment.Rloo;
import gradus.tensor.Tensor;
import java.util.Arrays;

/// How good a completion is beside others: the baseline that takes the place of a critic. All but the last
/// compare completions of one prompt.
public enum GroupAdvantage {
    /// GRPO: `(R - mean)/(std + 1e-4)` with the unbiased standard deviation. Shao et al. 2024,
    /// arXiv:2402.03300, section 4.1.2; the 1e-4 is TRL's. Prompts whose answers differ little count as much as
    /// others, so hard and easy ones weigh more than with [#CENTRED].
    NORMALISED {
        @Override
        double[] each(double[] rewards, int group) {
            return against(rewards, group, EPS);
        }
    },
    /// Dr. GRPO: `R - mean`. Liu et al. 2025, arXiv:2503.20783, section 3.2.
    CENTRED {
        @Override
        double[] each(double[] rewards, int group) {
            return against(rewards, group, Double.NaN);
        }
    },
    /// RLOO: `R` minus the mean of the other G-1, see [Rloo]. The baseline of a completion does not depend on
    /// it, so the gradient is unbiased.
    LEAVE_ONE_OUT {
        @Override
        double[] each(double[] rewards, int group) {
            return group == 1
                    ? new double[rewards.length]
                    : Rloo.advantages(Tensor.of(rewards, rewards.length), group).toArray();
        }
    },
    /// REINFORCE: `R` minus the mean of the whole batch, whatever the prompts are. Williams 1992. Hard prompts
    /// are punished for being hard, so the gradient is noisier; but one completion a prompt is enough.
    BATCH_CENTRED {
        @Override
        double[] each(double[] rewards, int group) {
            return against(rewards, rewards.length, Double.NaN);
        }

        @Override
        int compared(int batch, int group) {
            return batch;
        }
    };

    private static final double EPS = 1e-4;

    abstract double[] each(double[] rewards, int group);

    /// How many completions are compared with each other.
    int compared(int batch, int group) {
        return group;
    }

    /// The advantage of each completion. Where all rewards that are compared are equal, and in a group of one,
    /// all are 0, exactly: there is nothing to choose.
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
        double[] advantages = each(rewards, group);
        int size = compared(rewards.length, group);
        for (int from = 0; from < rewards.length; from += size) {
            if (std(rewards, from, size) == 0) {
                Arrays.fill(advantages, from, from + size, 0); // and no rounding error
            }
        }
        return advantages;
    }

    /// `R - mean`, divided by the standard deviation and a bit where a bit is given.
    private static double[] against(double[] rewards, int size, double eps) {
        double[] advantages = new double[rewards.length];
        for (int from = 0; from < rewards.length; from += size) {
            double mean = mean(rewards, from, size);
            double scale = Double.isNaN(eps) ? 1 : std(rewards, from, size) + eps;
            for (int i = from; i < from + size; i++) {
                advantages[i] = (rewards[i] - mean) / scale;
            }
        }
        return advantages;
    }

    private static double mean(double[] rewards, int from, int size) {
        return Arrays.stream(rewards, from, from + size).sum() / size;
    }

    /// The unbiased standard deviation of some rewards; exactly 0 where all are equal.
    static double std(double[] rewards, int from, int size) {
        double mean = mean(rewards, from, size);
        boolean equal = true;
        double squares = 0;
        for (int i = from; i < from + size; i++) {
            equal &= rewards[i] == rewards[from];
            squares += (rewards[i] - mean) * (rewards[i] - mean);
        }
        return equal ? 0 : Math.sqrt(squares / (size - 1));
    }
}
