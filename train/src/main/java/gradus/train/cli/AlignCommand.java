package gradus.train.cli;

import gradus.error.UsageException;
import gradus.layers.adapter.Targets;
import gradus.train.TrainConfig;
import gradus.train.align.AlignmentTask;
import gradus.train.align.RewardTuning;
import gradus.train.cli.option.AlignmentOptions;
import gradus.train.cli.option.LoraOptions;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.corpus.DataFiles;
import gradus.train.finetune.AdapterTuning;
import gradus.train.finetune.Finetuning;
import gradus.train.finetune.FullTuning;
import gradus.train.finetune.TuningData;
import gradus.train.finetune.TuningMethod;
import gradus.train.preference.DirectPreference;
import gradus.train.preference.KahnemanTversky;
import gradus.train.preference.RewardModelling;
import gradus.train.run.Line;
import gradus.train.run.TuningConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.IntConsumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/// `gradus align`
@Command(
        name = "align",
        description =
                "Lets a model learn by reinforcement from a task whose answers can be checked: it answers, right answers"
                        + " are paid, and what was paid becomes more probable. Or from answers of which it is known which"
                        + " are better, directly or by a reward model that learns from them and pays.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        customSynopsis = {
            "gradus align --base=<path> --task=<task> --out=<folder> [...]",
            "       gradus align --base=<path> --data=<file>... --out=<folder> [...]"
        },
        footer = {
            "",
            "Before a task the model must know the form of the answers: train it on",
            "examples first, which gradus data answers writes. The validation loss is",
            "minus the mean reward of its likeliest answers to questions held out.",
            "--data is JSONL as TRL has it: pairs with chosen, rejected and perhaps prompt",
            "(dpo, kto, rm), answers with prompt, completion and label (kto), or prompts",
            "(with --reward-model).",
            "The folder then holds the model, or an adapter if --r is given; metrics.jsonl",
            "has the numbers of each step by the names of Hugging Face's TRL, and",
            "alignment.png their curves.",
            "Ctrl-C ends the training after the current step and keeps what was learnt;",
            "--resume continues it.",
            "",
            "Examples:",
            "  gradus data answers --task sorting --size 4 --out digits.txt",
            "  gradus train --data digits.txt --out runs/digits --steps 1000",
            "  gradus align --base runs/digits --task sorting --size 4 --out aligned",
            "  gradus align --base runs/digits --task sorting --size 4 --method ppo --out new",
            "  gradus align --resume --out aligned",
            "  gradus data preferences --out pairs.jsonl --held-out kept.jsonl",
            "  gradus align --base tuned/model --data pairs.jsonl --out aligned",
            "  gradus align --base tuned/model --data pairs.jsonl --method rm --out rm",
            "  gradus align --base tuned/model --data pairs.jsonl --reward-model rm/model",
            "    --method ppo --out paid"
        })
final class AlignCommand extends TuningCommand {
    @Option(
            names = "--task",
            paramLabel = "<task>",
            description = "addition, sorting, countdown, parity, brackets or is-a")
    private AlignmentTask task;

    @Option(
            names = "--size",
            paramLabel = "<n>",
            description = "of the task: digits, numbers, bits or brackets, or the most letters of a word")
    private Integer size;

    @Mixin
    private AlignmentOptions alignment = new AlignmentOptions();

    @Mixin
    private LoraOptions lora = new LoraOptions();

    private Finetuning ended;

    private AlignCommand(Console console, IntConsumer quit) {
        super(console, quit);
    }

    /// The command with an option for every setting of the training.
    static CommandLine commandLine(Console console, IntConsumer quit) {
        return commandLine(
                new AlignCommand(console, quit),
                "%nThe training; unless given, lr is 3e-4, 1e-3 with --r, minLr a tenth of lr, and warmup"
                        + " and evalEvery a twentieth and a quarter of the steps. batchSize is of pairs or answers:%n");
    }

    @Override
    CommandLine fresh(Console console, IntConsumer quit) {
        return commandLine(console, quit);
    }

    @Override
    void goOnLike(TuningCommand given) {
        super.goOnLike(given);
        alignment.moveTo(((AlignCommand) given).alignment);
    }

    @Override
    Set<String> besideResume() {
        return Set.of("--base", "--data", "--held-out-data", "--reward-model");
    }

    @Override
    String missing() {
        return task == null && data == null ? "--task or --data" : null;
    }

    @Override
    List<Path> read() {
        List<Path> read = new ArrayList<>(super.read());
        read.addAll(alignment.read());
        return read;
    }

    @Override
    boolean isPath(OptionSpec option, String value) {
        return option.longestName().equals("--held-out-data") || super.isPath(option, value);
    }

    @Override
    TrainConfig train() {
        return train(Finetuning.DEFAULTS, lora.hasRank() ? 1e-3 : 3e-4);
    }

    @Override
    Finetuning.Plan plan(TrainConfig train, TuningConfig config) {
        if (task != null && data != null) {
            throw new UsageException("--task and --data are two ways to learn; leave out one of them");
        }
        if (task == null && size != null) {
            throw new UsageException("--size is of a --task");
        }
        TuningData learned =
                task != null ? alignment.data(task.of(size)) : alignment.data(DataFiles.named(data), this::say);
        return new Finetuning.Plan(base, learned, method(), train, out, config, "align");
    }

    private TuningMethod method() {
        if (!lora.hasRank() && (lora.isGiven() || lora.choosesLayers())) {
            throw new UsageException(
                    "--lora-alpha, --target-modules and the like are for a LoRA; give its rank by --r");
        }
        if (alignment.trainsReward()) {
            if (lora.hasRank()) {
                throw new UsageException("--method rm trains the whole reward model, head and base; leave out --r");
            }
            return new RewardTuning();
        }
        return lora.hasRank() ? new AdapterTuning(lora.config(Targets.allLinear()), lora.ratio()) : new FullTuning();
    }

    @Override
    void requireFits(Finetuning tuning) {
        ended = tuning;
    }

    /// Tells how good the model is at what was held out.
    @Override
    void after() {
        switch (ended.task()) {
            case DirectPreference pairs
            when pairs.hasHeldOut() -> {
                SequencedMap<String, Double> measured = pairs.heldOut(0);
                say(Line.format(
                        "of the pairs held out %.1f %% are ranked right; the margin of their rewards is %.4f",
                        100 * measured.get("rewards/accuracies"), measured.get("rewards/margins")));
            }
            case RewardModelling pairs
            when pairs.hasHeldOut() -> {
                RewardModelling.Measured measured = pairs.heldOut();
                say(Line.format(
                        "of the pairs held out %.1f %% are ranked right; the margin of their scores is %.4f",
                        100 * measured.accuracy(), measured.margin()));
            }
            case KahnemanTversky answers
            when answers.hasHeldOut() -> {
                Double margin = answers.heldOut(0).get("rewards/margins");
                if (margin != null) {
                    say(Line.format("the margin of the rewards of the answers held out is %.4f", margin));
                }
            }
            default -> {}
        }
    }
}
