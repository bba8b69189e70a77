package gradus.lessons.lab.align.length;

import static gradus.error.ConfigException.require;

import gradus.layers.loss.alignment.Aggregation;
import gradus.tensor.Scope;
import gradus.tensor.random.Rng;
import gradus.train.rl.GroupPolicyConfig;
import gradus.train.rl.GroupPolicyTask;
import gradus.train.rl.RolloutConfig;
import gradus.train.task.Task;
import java.util.Arrays;

/// Where an algorithm moves the logit θ of the probability s with which a [StopTable] ends its answer: minus the
/// gradient of its loss, by enumeration of all groups and lengths, or as its training draws it.
///
/// An answer of ℓ tokens decided ℓ-2 times to go on and then to end, so `∂ln π/∂θ = 1 - s - (ℓ-2)·s`, or `-(ℓ-1)·s`
/// where it was cut at the limit. Its mean over the lengths is 0, as that of every ∇ln π is. What the answer is worth
/// does not depend on its length, so without a weight for the length nothing would move:
///
/// `-∂loss/∂θ = P(right or wrong)·E[A | right or wrong]·E_ℓ[w(ℓ)·∂ln π/∂θ]`
///
/// With GRPO's `w = 1/ℓ` short answers, which are those that ended early, count more, and the last factor is
/// above 0: θ rises where A > 0 and falls where A < 0. With Dr. GRPO's constant w it is 0.
public final class EndLogitGradient {
    private EndLogitGradient() {}

    /// By enumeration.
    ///
    /// @param p     the probability of a right answer
    /// @param s     the probability of ending behind an answer of that kind
    /// @param limit the most tokens of an answer
    /// @param group G, answers that are compared with each other
    /// @param right whether behind right answers or behind wrong ones
    /// @throws gradus.error.ConfigException if the answers' losses are not averaged as by GRPO or Dr. GRPO
    public static double exact(GroupPolicyConfig config, double p, double s, int limit, int group, boolean right) {
        boolean byLength = config.aggregation() == Aggregation.GRPO;
        require(
                byLength || config.aggregation() == Aggregation.DR_GRPO,
                "an answer's loss must be divided by its length or by the limit; got %s",
                config.aggregation());
        double weighted = 0;
        double reached = 1; // how often an answer has more than ℓ - 1 tokens
        for (int length = 2; length <= limit; length++) {
            double weight = 1.0 / (byLength ? length : limit);
            weighted += reached * s * weight * (1 - s - (length - 2) * s);
            reached *= 1 - s;
        }
        weighted -= reached * (limit - 1) * s / limit;
        return (right ? p : 1 - p) * advantage(config, p, group, right) * weighted;
    }

    /// The mean advantage of an answer of that kind over all that the other G-1 may be.
    private static double advantage(GroupPolicyConfig config, double p, int group, boolean right) {
        double mean = 0;
        double binomial = 1; // G-1 over k
        for (int k = 0; k < group; k++) {
            double[] rewards = new double[group];
            Arrays.fill(rewards, 1, 1 + k, 1);
            rewards[0] = right ? 1 : 0;
            double chance = binomial * Math.pow(p, k) * Math.pow(1 - p, group - 1 - k);
            mean += chance * config.advantage().of(rewards, group)[0];
            binomial *= (group - 1 - k) / (k + 1.0);
        }
        return mean;
    }

    /// As [GroupPolicyTask] draws it, without a step that would change the policy.
    ///
    /// @param rollouts   what is drawn at a time
    /// @param iterations how often
    /// @return the means behind right and behind wrong answers
    public static double[] drawn(
            GroupPolicyConfig config, StopTable table, RolloutConfig rollouts, int iterations, Rng rng) {
        GroupPolicyTask task = new GroupPolicyTask(table, null, Talk.paid(), rollouts, config, rng);
        table.stop().zeroGrad();
        for (int i = 0; i < iterations; i++) {
            try (var scope = Scope.open()) {
                for (Task.Part part : task.parts(i * rollouts.steps())) {
                    part.loss().backward();
                }
            }
        }
        double[] sum = table.stop().grad().toArray();
        table.stop().zeroGrad();
        return new double[] {-sum[0] / iterations, -sum[1] / iterations};
    }

    /// How long an answer is on average.
    public static double meanLength(double s, int limit) {
        double mean = 1;
        double reached = 1;
        for (int length = 2; length <= limit; length++) {
            mean += reached;
            reached *= 1 - s;
        }
        return mean;
    }
}
