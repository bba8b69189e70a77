package gradus.train.cli.option;

import gradus.error.UsageException;
import gradus.layers.loss.alignment.KlEstimator;
import gradus.layers.loss.alignment.PreferenceLoss;
import gradus.train.align.AlignmentData;
import gradus.train.align.AlignmentMethod;
import gradus.train.align.PreferenceData;
import gradus.train.instruct.ChatFormat;
import gradus.train.rl.Gae;
import gradus.train.rl.GroupPolicyConfig;
import gradus.train.rl.KlControl;
import gradus.train.rl.PpoConfig;
import gradus.train.rl.RolloutConfig;
import gradus.train.rl.verifiable.VerifiableTask;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/// The settings of learning by reinforcement, by TRL's names where it has them.
public final class AlignmentOptions {
    private static final double HELD_OUT_PAIRS = 0.1;

    @Option(
            names = "--method",
            paramLabel = "<method>",
            description =
                    "of a task: grpo (the default), dr_grpo, bnpo, dapo, gspo, rloo, reinforce, ppo (with a critic)"
                            + " or expert (right answers are learned by heart); of pairs of answers: dpo")
    private AlignmentMethod method;

    @Option(
            names = "--loss-type",
            paramLabel = "<loss>",
            description =
                    "of dpo: sigmoid (the default), robust, ipo, hinge, sigmoid_norm, exo_pair, nca_pair, sppo_hard,"
                            + " apo_zero or apo_down")
    private PreferenceLoss loss;

    @Option(
            names = "--label-smoothing",
            paramLabel = "<n>",
            description = "of dpo: the share of pairs taken to be swapped; default 0")
    private Double smoothing;

    @Option(
            names = "--chat-template",
            paramLabel = "<template>",
            description =
                    "of dpo with messages: chatml, plain or a file with a Jinja template, in place of the base's own")
    private String template;

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
            description = "the most tokens of an answer; default what a right one may need in characters")
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
            names = "--beta",
            paramLabel = "<n>",
            description = "the price of departing from the base; default 0, with ppo 0.05, with dpo 0.1")
    private Double beta;

    @Option(
            names = "--kl",
            paramLabel = "<k>",
            description = "the estimator of that divergence: k1, k2 or k3; default k3, with ppo k1")
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

    @Option(names = "--entropy-coef", paramLabel = "<n>", description = "weight of the entropy bonus; default 0")
    private Double entropy;

    @Option(names = "--gamma", paramLabel = "<n>", description = "of ppo: the discount; default 1")
    private Double gamma;

    @Option(names = "--lam", paramLabel = "<n>", description = "of ppo: λ of the advantages; default 0.95")
    private Double lambda;

    @Option(names = "--vf-coef", paramLabel = "<n>", description = "of ppo: weight of the critic's loss; default 0.1")
    private Double valueCoef;

    @Option(
            names = "--format-reward",
            paramLabel = "<n>",
            description = "what the right form is paid, beside 1 for the right answer; default 0")
    private Double format;

    @Option(names = "--held-out", paramLabel = "<n>", description = "questions that are only measured on; default 200")
    private Integer heldOut;

    /// Pairs of answers to learn from.
    ///
    /// @param files JSONL
    /// @param say   hears what was read
    /// @throws gradus.error.ConfigException if a number is out of range
    /// @throws UsageException               if an option is for a task
    public PreferenceData pairs(List<Path> files, Consumer<String> say) {
        boolean ofTasks = Stream.of(
                        generations,
                        longest,
                        iterations,
                        kl,
                        klTarget,
                        epsilon,
                        epsilonHigh,
                        entropy,
                        prompts,
                        temperature,
                        minibatches,
                        format,
                        heldOut)
                .anyMatch(Objects::nonNull);
        if (method != null && method != AlignmentMethod.DPO
                || ofTasks
                || gamma != null
                || lambda != null
                || valueCoef != null
                || klInReward) {
            throw new UsageException("--data holds pairs of answers, from which --method dpo learns, with --loss-type,"
                    + " --beta and --label-smoothing; all else is for a --task");
        }
        return new PreferenceData(
                files,
                template == null ? null : ChatFormat.of(template),
                new PreferenceData.Settings(
                        loss == null ? PreferenceLoss.SIGMOID : loss,
                        beta == null ? 0.1 : beta,
                        smoothing == null ? 0 : smoothing,
                        HELD_OUT_PAIRS),
                say);
    }

    /// What is learned of a task.
    ///
    /// @throws gradus.error.ConfigException if a number is out of range
    /// @throws UsageException               if an option is for another method
    public AlignmentData data(VerifiableTask task) {
        if (loss != null || smoothing != null || template != null || method == AlignmentMethod.DPO) {
            throw new UsageException("--method dpo, --loss-type, --label-smoothing and --chat-template are for pairs of"
                    + " answers; give them by --data");
        }
        AlignmentMethod method = method();
        boolean critic = method == AlignmentMethod.PPO;
        require(critic || gamma == null, "--gamma");
        require(critic || lambda == null, "--lam");
        require(critic || valueCoef == null, "--vf-coef");
        require(critic || klTarget == null, "--kl-target");
        if (method == AlignmentMethod.EXPERT && (beta != null || kl != null || epsilon != null || entropy != null)) {
            throw new UsageException(
                    "--method expert learns by heart; leave out --beta, --kl, --epsilon, --entropy-coef");
        }
        RolloutConfig rollouts = RolloutConfig.defaults()
                .withPrompts(prompts())
                .withNumGenerations(generations == null ? critic ? 1 : 8 : generations)
                .withMaxCompletionLength(longest == null ? task.longestAnswer() + 1 : longest)
                .withTemperature(temperature == null ? 1 : temperature)
                .withNumIterations(iterations == null ? critic ? 4 : 1 : iterations)
                .withMinibatches(minibatches == null ? 1 : minibatches);
        return new AlignmentData(
                task,
                new AlignmentData.Settings(
                        method,
                        rollouts,
                        groups(),
                        ppo(),
                        format == null ? 0 : format,
                        1,
                        heldOut == null ? 200 : heldOut));
    }

    private int prompts() {
        return prompts == null ? 16 : prompts;
    }

    private AlignmentMethod method() {
        return method == null ? AlignmentMethod.GRPO : method;
    }

    private static void require(boolean fits, String option) {
        if (!fits) {
            throw new UsageException(option + " is for --method ppo");
        }
    }

    private GroupPolicyConfig groups() {
        GroupPolicyConfig config = method().groups().orElseGet(GroupPolicyConfig::grpo);
        if (epsilon != null || epsilonHigh != null) {
            double low = epsilon == null ? config.epsilonLow() : epsilon;
            config = config.withEpsilon(low, epsilonHigh != null ? epsilonHigh : low);
        }
        config = config.withBeta(beta == null ? config.beta() : beta);
        config = config.withKl(kl == null ? config.kl() : kl, klInReward);
        return entropy == null ? config : config.withEntropyCoef(entropy);
    }

    private PpoConfig ppo() {
        PpoConfig config = PpoConfig.defaults();
        double price = beta == null ? config.kl().start() : beta;
        config = config.withKl(
                klTarget == null
                        ? new KlControl.Fixed(price)
                        : new KlControl.Adaptive(price, klTarget, 10.0 * prompts()));
        config = config.withGae(new Gae(
                gamma == null ? config.gae().gamma() : gamma,
                lambda == null ? config.gae().lambda() : lambda));
        config = kl == null ? config : config.withKlEstimator(kl);
        config = epsilon == null ? config : config.withCliprange(epsilon);
        config = valueCoef == null ? config : config.withVfCoef(valueCoef);
        return entropy == null ? config : config.withEntropyCoef(entropy);
    }
}
