package gradus.train.rl;

import static gradus.error.ConfigException.require;

import gradus.layers.model.LanguageModel;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.rl.Experience.Column;
import java.util.Arrays;
import java.util.List;

/// Rejection sampling: the policy answers, and learns its own answers by heart where they earned enough. The
/// loss is the mean cross-entropy of the tokens of the accepted completions, `-Σ_accepted Σ_t log π(y_t) /
/// Σ_accepted |y|`. Without an accepted completion a step changes nothing.
///
/// Anthony et al. 2017, arXiv:1705.08439; for language models STaR, Zelikman et al. 2022, arXiv:2203.14465, and
/// RAFT, Dong et al. 2023, arXiv:2304.06767. Here each iteration goes on from the weights of the one before,
/// where STaR begins anew from the base, and nothing is rationalised. A group that is right throughout is
/// accepted as well, all of it, and teaches little.
public final class ExpertIteration extends PolicyTask {
    private final double threshold;

    /// @param threshold the least reward of an accepted completion
    /// @throws gradus.error.ConfigException if something is missing or does not fit together
    public ExpertIteration(
            LanguageModel policy, Environment environment, RolloutConfig config, double threshold, Rng rng) {
        super(policy, policy, environment, config, rng, Column.ADVANTAGES);
        require(Double.isFinite(threshold), "the threshold of a reward must be finite; got %s", threshold);
        this.threshold = threshold;
    }

    /// 1 for the tokens of accepted completions, 0 for all others.
    @Override
    protected void prepare(Experience experience, List<CompletionRows> rows) {
        double[] accepted = Arrays.stream(experience.rewards())
                .map(reward -> reward >= threshold ? 1 : 0)
                .toArray();
        experience.put(Column.ADVANTAGES, experience.perToken(accepted));
    }

    @Override
    protected Tensor loss(Minibatch part) {
        Tensor logProbs = part.note(
                "the log-probabilities",
                TokenScores.of(policy(), part.rows(), 1).logProbs()); // (B, T)
        Tensor accepted = part.get(Column.ADVANTAGES, logProbs); // (B, T)
        long count = counted(part);
        measured()
                .mean(
                        "accepted",
                        count / (double) part.rows().tokens(),
                        part.rows().tokens());
        return logProbs.mul(accepted).sum().mul(-1.0 / Math.max(1, count)); // ()
    }

    /// The tokens of accepted completions.
    @Override
    protected long counted(Minibatch part) {
        double[][] accepted = experience().get(Column.ADVANTAGES);
        return Arrays.stream(part.members())
                .mapToLong(i -> accepted[i][0] == 1 ? accepted[i].length : 0)
                .sum();
    }

    @Override
    protected String settings() {
        return "expert " + threshold;
    }
}
