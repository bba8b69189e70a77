package gradus.train.rl;

import static gradus.error.ConfigException.require;

import gradus.layers.loss.alignment.Aggregation;
import gradus.layers.loss.alignment.TokenEntropy;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.rl.Experience.Column;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Policy optimisation without a critic: several completions of one prompt are compared with each other, and
/// all tokens of a completion share its advantage A. With ρ the ratio of the policy to what it was when the
/// completion was drawn, the loss of a token is
///
/// `-min(ρ·A, clip(ρ, 1-ε_low, 1+ε_high)·A) + β·KL(π‖π_ref)`
///
/// or has another [Surrogate] in the place of its first part.
/// GRPO (Shao et al. 2024, arXiv:2402.03300) and its relatives, see [GroupPolicyConfig]. In the first step of
/// an iteration ρ is 1, up to the rounding between cached and whole passes, and the gradient is that of
/// REINFORCE with a baseline.
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
                reference != null || config.kl().beta() == 0,
                "grpo: with beta %s there must be a reference model",
                config.kl().beta());
        if (reference != null) {
            reference.requireFits(policy);
        }
        this.reference = reference;
        this.config = config;
    }

    private boolean asksReference() {
        return reference != null && config.kl().beta() > 0;
    }

    @Override
    protected void prepare(Experience experience, List<CompletionRows> rows) {
        double[] rewards = experience.rewards();
        double[][] old = experience.get(Column.LOG_PROBS);
        if (asksReference()) {
            double[][] base = reference.ask(other -> logProbs(other, rows));
            experience.put(Column.REFERENCE_LOG_PROBS, base);
            if (config.kl().inReward()) {
                double[][] divergence = Divergence.each(config.kl().estimator(), old, base);
                Arrays.setAll(
                        rewards,
                        i -> rewards[i]
                                - config.kl().beta()
                                        * Arrays.stream(divergence[i]).sum());
            }
        }
        double[] advantages = config.advantage().of(rewards, config().numGenerations());
        experience.put(Column.ADVANTAGES, experience.perToken(advantages));
    }

    @Override
    protected Tensor loss(Minibatch part) {
        CompletionRows rows = part.rows();
        TokenScores scores = TokenScores.of(policy(), rows, config().temperature());
        Tensor logProbs = part.note("the log-probabilities", scores.logProbs()); // (B, T)
        boolean[] taught = taught(part); // (B)
        Tensor mask = mask(rows, taught, logProbs); // (B, T)
        int tokens = tokens(rows, taught);
        Tensor old = part.get(Column.LOG_PROBS, logProbs); // (B, T)
        Tensor advantages = part.get(Column.ADVANTAGES, logProbs).slice(1, 0, 1); // (B, 1): all tokens share it
        Tensor logRatio = config.ratio().of().logRatio(logProbs, old, mask); // (B, T) or (B, 1)
        Tensor each = config.ratio()
                .surrogate()
                .of(new Surrogate.Tokens(logProbs, old, mask, logRatio, advantages), config.ratio());
        if (asksReference() && !config.kl().inReward()) {
            Tensor divergence =
                    config.kl().estimator().of(logProbs, part.get(Column.REFERENCE_LOG_PROBS, logProbs)); // (B, T)
            each = each.add(divergence.mul(config.kl().beta())); // (B, T)
            measure("kl", divergence, mask, tokens);
        }
        Tensor entropy = rows.spread(TokenEntropy.of(scores.logits())); // (B, T)
        measure("entropy", entropy, mask, tokens);
        if (tokens > 0) {
            ClipMetrics.measure(
                    measured(),
                    only(taught, rows.ragged(logRatio.expand(rows.rows(), rows.time()))),
                    only(taught, rows.ragged(advantages.expand(rows.rows(), rows.time()))),
                    config.ratio().epsilonLow(),
                    config.ratio().epsilonHigh());
        }
        Tensor loss = mean(each, mask, tokens); // ()
        return config.entropyCoef() == 0
                ? loss
                : loss.sub(mean(entropy, mask, tokens).mul(config.entropyCoef())); // ()
    }

    private void measure(String name, Tensor each, Tensor mask, int tokens) {
        if (tokens > 0) {
            measured().mean(name, each.mul(mask).sum().item() / tokens, tokens);
        }
    }

    /// Which completions of a part teach.
    private boolean[] taught(Minibatch part) {
        boolean[] taught = new boolean[part.members().length];
        Arrays.fill(taught, true);
        if (config.maskTruncatedCompletions()) {
            List<Completion> all = experience().completions();
            int[] members = part.members();
            for (int i = 0; i < taught.length; i++) {
                taught[i] = all.get(members[i]).ended();
            }
        }
        return taught;
    }

    /// **Shapes** → (B, T)
    private static Tensor mask(CompletionRows rows, boolean[] taught, Tensor like) {
        double[][] ones = new double[taught.length][];
        for (int i = 0; i < taught.length; i++) {
            ones[i] = new double[rows.lengths()[i]];
            Arrays.fill(ones[i], taught[i] ? 1 : 0);
        }
        return rows.layOut(ones, like); // (B, T)
    }

    private static int tokens(CompletionRows rows, boolean[] taught) {
        int[] lengths = rows.lengths();
        int tokens = 0;
        for (int i = 0; i < taught.length; i++) {
            tokens += taught[i] ? lengths[i] : 0;
        }
        return tokens;
    }

    private static double[][] only(boolean[] taught, double[][] rows) {
        return IntStream.range(0, rows.length)
                .filter(i -> taught[i])
                .mapToObj(i -> rows[i])
                .toArray(double[][]::new);
    }

    /// Where the divergence is part of the reward, what it was: a mean over tokens, as where it is part of the
    /// loss.
    @Override
    protected void measure(StepMetrics metrics) {
        if (asksReference() && config.kl().inReward()) {
            double[][] divergence = Divergence.each(
                    config.kl().estimator(),
                    experience().get(Column.LOG_PROBS),
                    experience().get(Column.REFERENCE_LOG_PROBS));
            for (double[] own : divergence) {
                metrics.mean("kl", Arrays.stream(own).sum() / own.length, own.length);
            }
        }
    }

    private Tensor mean(Tensor each, Tensor mask, int tokens) {
        return config.aggregation().of(each, mask, config().maxCompletionLength(), tokens); // ()
    }

    /// The completions of a part, or their tokens where the mean is over all tokens of a step: then parts of
    /// different sizes add up to the mean over the step.
    @Override
    protected long counted(Minibatch part) {
        return config.aggregation() == Aggregation.DAPO
                ? tokens(part.rows(), taught(part))
                : part.rows().rows();
    }

    @Override
    protected String settings() {
        return "group " + config;
    }

    /// Without what earlier versions did not have, if it does nothing here.
    @Override
    String formerSettings() {
        return settings().replace(", surrogate=CLIPPED, delta=Infinity, maskTruncatedCompletions=false", "");
    }
}
