package gradus.lessons.lab.align;

import static gradus.error.ConfigException.require;

import gradus.layers.loss.alignment.Aggregation;
import gradus.layers.loss.alignment.ClippedSurrogate;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.train.rl.GroupAdvantage;
import java.util.Arrays;

/// The gradient that a group of G answers to one prompt gives on average, where an answer is right (reward 1)
/// with probability p or wrong (reward 0): c·∇p. The factor c says how hard an algorithm climbs from p.
///
/// With k right ones of G, whose advantages are A⁺, and A⁻ of the others: `∇ln π` is on average ∇p/p over the
/// right answers and -∇p/(1-p) over the wrong ones, so
///
/// `c = Σ_k P(k)·(k·A⁺/p - (G-k)·A⁻/(1-p))/G`, P binomial.
///
/// For Dr. GRPO it is (G-1)/G at every p, for RLOO 1: both climb p itself. Divided by the standard deviation,
/// GRPO's comes near to 1/√(p(1-p)) for large groups, the derivative of 2·arcsin√p, which is what it climbs.
public final class GroupGradient {
    private GroupGradient() {}

    /// The factor c, by the formula.
    public static double exact(GroupAdvantage rule, double p, int group) {
        requireProbability(p, group);
        double[] advantages = ofEachCount(rule, group);
        double c = 0;
        double binomial = 1; // G over k
        for (int k = 0; k <= group; k++) {
            double right = k == 0 ? 0 : k * advantages[k * group] / p;
            double wrong = k == group ? 0 : (group - k) * advantages[k * group + group - 1] / (1 - p);
            c += binomial * Math.pow(p, k) * Math.pow(1 - p, group - k) * (right - wrong) / group;
            binomial *= (group - k) / (k + 1.0);
        }
        return c;
    }

    /// The advantages in groups with 0, 1, … G right answers, the right ones first.
    private static double[] ofEachCount(GroupAdvantage rule, int group) {
        double[] rewards = new double[(group + 1) * group];
        for (int k = 0; k <= group; k++) {
            Arrays.fill(rewards, k * group, k * group + k, 1);
        }
        return rule.of(rewards, group);
    }

    /// A mean over groups, and how sure it is.
    ///
    /// @param mean          of c
    /// @param standardError of that mean
    public record Measured(double mean, double standardError) {}

    /// The factor c, measured: groups are drawn from a policy with one logit for p, and the gradient goes
    /// through the loss of GRPO. It is divided by ∇p = p(1-p).
    ///
    /// @param groups how many
    public static Measured measure(GroupAdvantage rule, double p, int group, int groups, Rng rng) {
        requireProbability(p, group);
        double[] rewards = new double[groups * group];
        for (int i = 0; i < rewards.length; i++) {
            rewards[i] = rng.uniform(i) < p ? 1 : 0;
        }
        try (var scope = Scope.open()) {
            Tensor paid = Tensor.of(rewards, rewards.length, 1); // (M·G, 1)
            Tensor advantages = Tensor.of(rule.of(rewards, group), rewards.length, 1); // (M·G, 1)
            Tensor logits = Tensor.zeros(groups, 1).to(DType.FLOAT64).add(Math.log(p / (1 - p))); // (M, 1), one each
            logits = logits.detach().requireGrad();
            Tensor own = logits.expand(groups, group).reshape(-1, 1); // (M·G, 1)
            Tensor logProbs = own.logSigmoid().where(paid, own.neg().logSigmoid()); // (M·G, 1)
            Tensor each = ClippedSurrogate.of(logProbs, logProbs.detach(), advantages, 0.2, 0.2); // (M·G, 1)
            Aggregation.GRPO.of(each, paid.mul(0).add(1)).backward();
            Tensor factors = logits.grad().mul(-groups / (p * (1 - p))); // (M, 1)
            double mean = factors.mean().item();
            double error = groups < 2 ? Double.NaN : factors.std().item() / Math.sqrt(groups);
            return new Measured(mean, error);
        }
    }

    private static void requireProbability(double p, int group) {
        require(p > 0 && p < 1, "p must be between 0 and 1; got %s", p);
        require(group >= 2, "a group must have at least 2 answers; got %s", group);
    }
}
