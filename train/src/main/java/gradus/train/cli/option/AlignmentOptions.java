package gradus.train.cli.option;

import gradus.error.UsageException;
import gradus.layers.loss.alignment.PreferenceLoss;
import gradus.layers.loss.alignment.UnpairedLoss;
import gradus.train.align.AlignmentData;
import gradus.train.align.AlignmentMethod;
import gradus.train.align.AnswerSource;
import gradus.train.align.ExampleData;
import gradus.train.align.PreferenceData;
import gradus.train.align.PromptData;
import gradus.train.align.RewardData;
import gradus.train.align.UnpairedData;
import gradus.train.corpus.DataFiles;
import gradus.train.finetune.TuningData;
import gradus.train.instruct.ChatFormat;
import gradus.train.rl.verifiable.VerifiableTask;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What a model learns from when it is aligned, and how, by TRL's names where it has them.
public final class AlignmentOptions {
    private static final double HELD_OUT = 0.1; // of answers and prompts
    private static final int USUAL_ANSWER = 64; // tokens, as in RolloutConfig

    @Option(
            names = "--method",
            paramLabel = "<method>",
            description =
                    "of a task, or of prompts and a reward model: grpo (the default), dr_grpo, bnpo, dapo, gspo, luspo,"
                            + " cispo, sapo, vespo, rloo, reinforce, ppo (with a critic); of a task also expert (its own right answers are learned by"
                            + " heart) or sft (answers that it is given are); of pairs of answers: dpo (the default), kto,"
                            + " or rm, which trains a reward model; of answers with a label: kto")
    private AlignmentMethod method;

    @Option(
            names = "--reward-model",
            paramLabel = "<folder>",
            description = "pays the answers to the prompts of --data: what --method rm has left in <out>/model, or a"
                    + " …ForSequenceClassification of Hugging Face's with one label")
    private Path rewardModel;

    @Option(
            names = "--missing-eos-penalty",
            paramLabel = "<n>",
            description = "what an answer that comes to no end is paid less by a reward model; default 0")
    private Double missingEosPenalty;

    @Option(
            names = "--held-out-data",
            paramLabel = "<file>",
            arity = "1..*",
            description =
                    "more files as --data, which are only measured; unless given, a tenth of --data is, by prompt")
    private List<String> heldOutData;

    @Option(
            names = "--chat-template",
            paramLabel = "<template>",
            description =
                    "of --data with messages: chatml, plain or a file with a Jinja template, in place of the base's own")
    private String template;

    @Option(
            names = "--loss-type",
            paramLabel = "<loss>",
            description =
                    "of dpo: sigmoid (the default), robust, ipo, hinge, sigmoid_norm, exo_pair, nca_pair, sppo_hard,"
                            + " apo_zero, apo_down, bco_pair, aot, aot_unpaired or discopop; of kto: kto (the default) or"
                            + " apo_zero_unpaired")
    private String loss;

    @Option(
            names = "--label-smoothing",
            paramLabel = "<n>",
            description = "of dpo: the share of pairs taken to be swapped; default 0")
    private Double smoothing;

    @Option(
            names = "--rpo-alpha",
            paramLabel = "<n>",
            description =
                    "of dpo: weight of the negative log-likelihood of the better answers, a mean over their tokens,"
                            + " which keeps them probable; default 0")
    private Double rpoAlpha;

    @Option(
            names = "--desirable-weight",
            paramLabel = "<n>",
            description = "of kto: the weight of good answers; default 1")
    private Double desirable;

    @Option(
            names = "--undesirable-weight",
            paramLabel = "<n>",
            description = "of kto: the weight of bad answers; default 1")
    private Double undesirable;

    @Option(
            names = "--center-rewards-coefficient",
            paramLabel = "<n>",
            description = "of rm: keeps the scores' mean near 0, of which 0.01 is usual; default 0")
    private Double centring;

    @Option(
            names = "--beta",
            paramLabel = "<n>",
            description = "the price of departing from the base; default 0, with ppo 0.05, with dpo and kto 0.1")
    private Double beta;

    @Mixin
    private PolicyOptions policy = new PolicyOptions();

    @Option(
            names = "--format-reward",
            paramLabel = "<n>",
            description = "of a task: what the right form is paid, beside 1 for the right answer; default 0")
    private Double format;

    @Option(
            names = "--held-out",
            paramLabel = "<n>",
            description = "of a task: questions that are only measured on; default 200")
    private Integer heldOut;

    /// Whether a reward model is trained.
    public boolean trainsReward() {
        return method == AlignmentMethod.RM;
    }

    /// Files and folders that are read besides the base and `--data`, as far as they can be told by names.
    public List<Path> read() {
        List<Path> read = new ArrayList<>();
        if (heldOutData != null) {
            heldOutData.stream()
                    .map(File::new)
                    .filter(File::exists)
                    .map(File::toPath)
                    .forEach(read::add);
        }
        if (rewardModel != null) {
            read.add(rewardModel);
        }
        return read;
    }

    /// Takes the places that other options name.
    public void moveTo(AlignmentOptions moved) {
        heldOutData = moved.heldOutData != null ? moved.heldOutData : heldOutData;
        rewardModel = moved.rewardModel != null ? moved.rewardModel : rewardModel;
    }

    // --- answers and prompts of files

    /// What is learned of files: answers, or, with a reward model, prompts.
    ///
    /// @param files JSONL
    /// @param say   hears what was read
    /// @throws gradus.error.ConfigException if a number is out of range
    /// @throws UsageException               if an option is for something else
    public TuningData data(List<Path> files, Consumer<String> say) {
        if (format != null || heldOut != null) {
            throw new UsageException("--format-reward and --held-out are for a --task");
        }
        List<Path> measured = heldOutData == null ? List.of() : DataFiles.rows(heldOutData, "--held-out-data");
        AnswerSource source =
                new AnswerSource(files, measured, HELD_OUT, template == null ? null : ChatFormat.of(template), say);
        if (rewardModel != null) {
            return prompts(source);
        }
        if (missingEosPenalty != null) {
            throw new UsageException("--missing-eos-penalty goes with a --reward-model");
        }
        AlignmentMethod chosen = method == null ? AlignmentMethod.DPO : method;
        if (!chosen.isOfFiles() || policy.isGiven()) {
            throw new UsageException("--data holds pairs of answers, from which --method dpo, kto and rm learn, with"
                    + " --loss-type, --beta and the like; all else is for a --task, or for the prompts of --data with a"
                    + " --reward-model");
        }
        requireOf(chosen);
        return switch (chosen) {
            case KTO ->
                new UnpairedData(
                        source,
                        new UnpairedData.Settings(
                                loss(UnpairedLoss.KTO), or(beta, 0.1), or(desirable, 1), or(undesirable, 1)));
            case RM -> new RewardData(source, or(centring, 0));
            default ->
                new PreferenceData(
                        source,
                        new PreferenceData.Settings(
                                loss(PreferenceLoss.SIGMOID), or(beta, 0.1), or(smoothing, 0), or(rpoAlpha, 0)));
        };
    }

    private PromptData prompts(AnswerSource source) {
        AlignmentMethod chosen = paid();
        requireOf(chosen);
        return new PromptData(
                source,
                rewardModel,
                policy.settings(chosen, beta, USUAL_ANSWER),
                missingEosPenalty == null ? OptionalDouble.empty() : OptionalDouble.of(missingEosPenalty));
    }

    private AlignmentMethod paid() {
        if (method != null && !method.isPaid()) {
            throw new UsageException(
                    "--method %s learns from answers, and --reward-model pays those that the model gives;"
                                    .formatted(method.text())
                            + " leave out one of them");
        }
        return method == null ? AlignmentMethod.GRPO : method;
    }

    /// Which loss of those of a method.
    private <L extends Enum<L>> L loss(L usual) {
        if (loss == null) {
            return usual;
        }
        L[] all = usual.getDeclaringClass().getEnumConstants();
        return Stream.of(all)
                .filter(each -> each.name().equalsIgnoreCase(loss))
                .findFirst()
                .orElseThrow(() -> new UsageException("--loss-type must be one of %s; got %s"
                        .formatted(
                                Stream.of(all)
                                        .map(each -> each.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(", ")),
                                loss)));
    }

    private static double or(Double given, double usual) {
        return given == null ? usual : given;
    }

    /// Refuses options of another method.
    private void requireOf(AlignmentMethod chosen) {
        require(chosen == AlignmentMethod.DPO, "dpo", "--label-smoothing, --rpo-alpha", smoothing, rpoAlpha);
        require(chosen == AlignmentMethod.DPO || chosen == AlignmentMethod.KTO, "dpo and kto", "--loss-type", loss);
        require(
                chosen == AlignmentMethod.KTO,
                "kto",
                "--desirable-weight, --undesirable-weight",
                desirable,
                undesirable);
        require(chosen == AlignmentMethod.RM, "rm", "--center-rewards-coefficient", centring);
        if (chosen == AlignmentMethod.RM && beta != null) {
            throw new UsageException("--method rm has no base that it must stay near; leave out --beta");
        }
    }

    private static void require(boolean fits, String method, String options, Object... given) {
        if (!fits && Stream.of(given).anyMatch(Objects::nonNull)) {
            throw new UsageException(options + ": for --method " + method + " only");
        }
    }

    // --- tasks

    /// What is learned of a task.
    ///
    /// @throws gradus.error.ConfigException if a number is out of range
    /// @throws UsageException               if an option is for something else
    public TuningData data(VerifiableTask task) {
        if (method != null && method.isOfFiles() || template != null || heldOutData != null) {
            throw new UsageException("--method dpo, kto and rm, --chat-template and --held-out-data are for pairs of"
                    + " answers; give them by --data");
        }
        if (rewardModel != null || missingEosPenalty != null) {
            throw new UsageException(
                    "--reward-model and --missing-eos-penalty are for the prompts of --data; a --task pays by itself");
        }
        int measured = heldOut == null ? 200 : heldOut;
        if (method == AlignmentMethod.SFT) {
            requireOf(method);
            if (policy.isGiven() || beta != null || format != null) {
                throw new UsageException(
                        "--method sft learns answers that it is given, with the options of the training"
                                + " and --held-out; all else is for methods that are paid for their own");
            }
            return new ExampleData(task, measured);
        }
        AlignmentMethod chosen = paid();
        requireOf(chosen);
        return new AlignmentData(
                task,
                policy.settings(chosen, beta, task.longestAnswer() + 1),
                new AlignmentData.Paid(or(format, 0), 1, measured));
    }
}
