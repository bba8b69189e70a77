package gradus.train.rl;

import static gradus.error.ConfigException.require;

import gradus.layers.loss.alignment.ClippedSurrogate;
import gradus.layers.loss.alignment.TokenEntropy;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.Rng;
import gradus.tensor.Tensor;
import gradus.train.rl.Experience.Column;
import java.util.Arrays;
import java.util.List;

/// Policy optimisation without a critic: several completions of one prompt are compared with each other, and all
/// tokens of a completion share its advantage A. With ρ the ratio of the policy to what it was when the completion was
/// drawn, the loss of a token is
///
/// `-min(ρ·A, clip(ρ, 1-ε_low, 1+ε_high)·A) + β·KL(π‖π_ref)`
///
/// GRPO (Shao et al. 2024, arXiv:2402.03300) and its relatives, see [GroupPolicyConfig]. In the first step of an
/// iteration ρ is 1, up to the rounding between cached and whole passes, and the gradient is that of REINFORCE with a
/// baseline.
public final class GroupPolicyTask extends PolicyTask {
    private final ReferenceModel reference; // or null
    private final GroupPolicyConfig config;

    /// @param reference null where β is 0
    /// @throws gradus.error.ConfigException if something is missing, or the reference has another vocabulary
    public GroupPolicyTask(
            LanguageModel policy,
            ReferenceModel reference,
            Environment environment,
            RolloutConfig rollouts,
            GroupPolicyConfig config,
            Rng rng) {
        super(policy, policy, environment, rollouts, rng, Column.REFERENCE_LOG_PROBS, Column.ADVANTAGES);
        require(config != null, "grpo: a configuration must be given; got null");
        require(
                reference != null || config.beta() == 0,
                "grpo: with beta %s there must be a reference model",
                config.beta());
        if (reference != null) {
            reference.requireFits(policy);
        }
        this.reference = reference;
        this.config = config;
    }

    private boolean asksReference() {
        return reference != null && config.beta() > 0;
    }

    @Override
    void digest(Experience experience, List<CompletionRows> rows) {
        double[] rewards = experience.rewards();
        double[][] old = experience.get(Column.LOG_PROBS);
        if (asksReference()) {
            double[][] base = reference.ask(other -> logProbs(other, rows));
            experience.put(Column.REFERENCE_LOG_PROBS, base);
            if (config.klInReward()) {
                double[][] divergence = Divergence.each(config.kl(), old, base);
                Arrays.setAll(
                        rewards,
                        i -> rewards[i] - config.beta() * Arrays.stream(divergence[i]).sum());
            }
        }
        double[] advantages = config.advantage().of(rewards, config().numGenerations());
        for (int i = 0; i < old.length; i++) {
            Arrays.fill(old[i], advantages[i]);
        }
        experience.put(Column.ADVANTAGES, old);
    }
}
