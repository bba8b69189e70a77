package gradus.train.cli.option;

import gradus.error.UsageException;
import gradus.layers.loss.alignment.KlEstimator;
import gradus.train.align.AlignmentMethod;
import gradus.train.align.PolicySettings;
import gradus.train.rl.Gae;
import gradus.train.rl.GroupPolicyConfig;
import gradus.train.rl.KlControl;
import gradus.train.rl.PpoConfig;
import gradus.train.rl.RolloutConfig;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/// How a policy learns from what its answers are paid, by TRL's names where it has them.
public final class PolicyOptions {
    @Option(names = "--prompts", paramLabel = "<n>", description = "different questions of an iteration; default 16")
    private Integer prompts;

    @Option(
            names = "--num-generations",
            paramLabel = "<n>",
            description = "answers drawn to each question; default 8, with ppo 1")
    private Integer generations;

    @Option(
            names = "--max-completion-length",
            paramLabel = "<n>",
            description = "the most tokens of an answer; default what a right one of a --task may need in characters,"
                    + " and 64 with a reward model")
    private Integer longest;

    @Option(names = "--temperature", paramLabel = "<t>", description = "of the draws; default 1")
    private Double temperature;

    @Option(
            names = "--num-iterations",
            paramLabel = "<n>",
            description = "how often an iteration's answers are learned from; default 1, with ppo 4")
    private Integer iterations;

    @Option(
            names = "--minibatches",
            paramLabel = "<n>",
            description = "steps in which an iteration's answers are learned from once; default 1")
    private Integer minibatches;

    @Option(
            names = "--kl",
            paramLabel = "<k>",
            description = "the estimator of the divergence from the base: k1, k2 or k3; default k3, with ppo k1")
    private KlEstimator kl;

    @Option(
            names = "--kl-in-reward",
            description = "subtract the divergence from the reward, as ppo always does, and do not add it to the loss")
    private boolean klInReward;

    @Option(
            names = "--kl-target",
            paramLabel = "<n>",
            description = "of ppo: beta follows so that an answer's divergence stays near this many nats")
    private Double klTarget;

    @Option(
            names = "--epsilon",
            paramLabel = "<n>",
            description = "how far the ratio may leave 1 before it is clipped; default the method's own, mostly 0.2")
    private Double epsilon;

    @Option(names = "--epsilon-high", paramLabel = "<n>", description = "the same upwards; default as --epsilon")
    private Double epsilonHigh;

    @Option(
            names = "--delta",
            paramLabel = "<n>",
            description = "the largest ratio that counts of an answer worse than the others; default no bound")
    private Double delta;

    @Option(
            names = "--mask-truncated-completions",
            description = "answers that come to no end teach nothing; they are still compared with the others")
    private boolean maskTruncated;

    @Option(names = "--entropy-coef", paramLabel = "<n>", description = "weight of the entropy bonus; default 0")
    private Double entropy;

    @Option(names = "--gamma", paramLabel = "<n>", description = "of ppo: the discount; default 1")
    private Double gamma;

    @Option(names = "--lam", paramLabel = "<n>", description = "of ppo: λ of the advantages; default 0.95")
    private Double lambda;

    @Option(names = "--vf-coef", paramLabel = "<n>", description = "of ppo: weight of the critic's loss; default 0.1")
    private Double valueCoef;

    /// Whether anything of it is given.
    boolean isGiven() {
        return klInReward
                || maskTruncated
                || Stream.of(
                                prompts,
                                generations,
                                longest,
                                temperature,
                                iterations,
                                minibatches,
                                kl,
                                klTarget,
                                epsilon,
                                epsilonHigh,
                                delta,
                                entropy,
                                gamma,
                                lambda,
                                valueCoef)
                        .anyMatch(Objects::nonNull);
    }

    /// The settings of a method.
    ///
    /// @param beta    the price of departing from the base, or null for the usual one
    /// @param usually the most tokens of an answer where none are given
    /// @throws gradus.error.ConfigException if a number is out of range
    /// @throws UsageException               if an option is for another method
    PolicySettings settings(AlignmentMethod method, Double beta, int usually) {
        boolean critic = method == AlignmentMethod.PPO;
        require(critic || gamma == null, "--gamma");
        require(critic || lambda == null, "--lam");
        require(critic || valueCoef == null, "--vf-coef");
        require(critic || klTarget == null, "--kl-target");
        if (critic && epsilonHigh != null) {
            throw new UsageException("--method ppo clips alike on both sides, by --epsilon; leave out --epsilon-high");
        }
        if (method == AlignmentMethod.EXPERT
                && (klInReward
                        || Stream.of(beta, kl, epsilon, epsilonHigh, entropy).anyMatch(Objects::nonNull))) {
            throw new UsageException(
                    "--method expert learns by heart; leave out --beta, --kl, --kl-in-reward, --epsilon,"
                            + " --epsilon-high and --entropy-coef");
        }
        if (method.groups().isEmpty() && (delta != null || maskTruncated)) {
            throw new UsageException("--delta and --mask-truncated-completions are for methods that compare answers"
                    + " with each other, such as grpo");
        }
        RolloutConfig rollouts = RolloutConfig.defaults()
                .withPrompts(prompts == null ? 16 : prompts)
                .withNumGenerations(generations == null ? critic ? 1 : 8 : generations)
                .withMaxCompletionLength(longest == null ? usually : longest)
                .withTemperature(temperature == null ? 1 : temperature)
                .withNumIterations(iterations == null ? critic ? 4 : 1 : iterations)
                .withMinibatches(minibatches == null ? 1 : minibatches);
        PolicySettings settings =
                new PolicySettings(method, rollouts, groups(method, beta), ppo(beta, rollouts.completions()));
        if (settings.beta() == 0 && method != AlignmentMethod.EXPERT && (kl != null || klInReward)) {
            throw new UsageException("--kl and --kl-in-reward say how the divergence is charged, and it costs nothing;"
                    + " give its price by --beta");
        }
        return settings;
    }

    private static void require(boolean fits, String option) {
        if (!fits) {
            throw new UsageException(option + " is for --method ppo");
        }
    }

    private GroupPolicyConfig groups(AlignmentMethod method, Double beta) {
        GroupPolicyConfig config = method.groups().orElseGet(GroupPolicyConfig::grpo);
        if (epsilon != null || epsilonHigh != null) {
            double low = epsilon == null ? config.ratio().epsilonLow() : epsilon;
            config = config.withEpsilon(low, epsilonHigh != null ? epsilonHigh : low);
        }
        config = beta == null ? config : config.withBeta(beta);
        config = config.withKl(kl == null ? config.kl().estimator() : kl, klInReward)
                .withMaskTruncatedCompletions(maskTruncated);
        config = delta == null ? config : config.withDelta(delta);
        return entropy == null ? config : config.withEntropyCoef(entropy);
    }

    /// @param completions of an iteration: a tenth of an error goes into β at each, as with Ziegler et al.
    private PpoConfig ppo(Double beta, int completions) {
        PpoConfig config = PpoConfig.defaults();
        double price = beta == null ? config.kl().start() : beta;
        config = config.withKl(
                klTarget == null
                        ? new KlControl.Fixed(price)
                        : new KlControl.Adaptive(price, klTarget, 10.0 * completions));
        config = config.withGae(new Gae(
                gamma == null ? config.gae().gamma() : gamma,
                lambda == null ? config.gae().lambda() : lambda));
        config = kl == null ? config : config.withKlEstimator(kl);
        config = epsilon == null ? config : config.withCliprange(epsilon);
        config = valueCoef == null ? config : config.withVfCoef(valueCoef);
        return entropy == null ? config : config.withEntropyCoef(entropy);
    }
}
