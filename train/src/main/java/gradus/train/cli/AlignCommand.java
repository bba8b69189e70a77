package gradus.train.cli;

import gradus.error.UsageException;
import gradus.layers.adapter.LoraConfig;
import gradus.layers.adapter.Targets;
import gradus.train.TrainConfig;
import gradus.train.align.AlignmentTask;
import gradus.train.cli.option.AlignmentOptions;
import gradus.train.cli.option.Overrides;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.corpus.DataFiles;
import gradus.train.finetune.AdapterTuning;
import gradus.train.finetune.Finetuning;
import gradus.train.finetune.FullTuning;
import gradus.train.finetune.TuningData;
import gradus.train.finetune.TuningMethod;
import gradus.train.preference.DirectPreference;
import gradus.train.run.Line;
import gradus.train.run.TuningConfig;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
                        + " are paid, and what was paid becomes more probable. Or from pairs of answers of which one is"
                        + " better.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        customSynopsis = "gradus align --base=<path> --task=<task> --out=<folder> [...]",
        footer = {
            "",
            "Before a task the model must know the form of the answers: train it on",
            "examples first, which gradus data answers writes. The validation loss is",
            "minus the mean reward of its likeliest answers to questions held out.",
            "Pairs are JSONL with chosen, rejected and perhaps prompt, as TRL has them.",
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
            "  gradus data preferences --out pairs.jsonl",
            "  gradus align --base tuned/model --data pairs.jsonl --out aligned",
            "  gradus align --resume --out aligned"
        })
final class AlignCommand extends TuningCommand {
    private static final Map<String, String> SHORT = Map.of(
            "steps", "--steps",
            "batchSize", "--batch-size",
            "lr", "--lr",
            "minLr", "--min-lr",
            "warmup", "--warmup",
            "accumulation", "--accumulation",
            "evalEvery", "--eval-interval",
            "seed", "--seed");

    @Option(
            names = "--task",
            paramLabel = "<task>",
            description = "addition, sorting, countdown, parity, brackets or is-a")
    private AlignmentTask task;

    @Option(names = "--data", paramLabel = "<file>", arity = "1..*", description = "pairs of answers, JSONL")
    private List<String> data;

    @Option(
            names = "--size",
            paramLabel = "<n>",
            description = "of the task: digits, numbers, bits or brackets, or the most letters of a word")
    private Integer size;

    @Option(names = "--resume", description = "continue what was begun in --out, with its own settings")
    private boolean resume;

    @Option(names = "--r", paramLabel = "<n>", description = "train a LoRA of this rank, and not the whole model")
    private Integer r;

    @Option(names = "--lora-alpha", paramLabel = "<n>", description = "the scale of the LoRA is this divided by r")
    private Double alpha;

    @Mixin
    private AlignmentOptions alignment = new AlignmentOptions();

    private Finetuning ended;

    private AlignCommand(Console console, IntConsumer quit) {
        super(console, quit);
    }

    /// The command with an option for every setting of the training.
    static CommandLine commandLine(Console console, IntConsumer quit) {
        AlignCommand command = new AlignCommand(console, quit);
        CommandLine commandLine = new CommandLine(command);
        command.spec = commandLine.getCommandSpec();
        command.settings = new Overrides<>("train", Finetuning.DEFAULTS, command.spec, SHORT);
        command.settings.add("%nThe training; unless given, lr is 3e-4, 1e-3 with --r, minLr a tenth of lr, and warmup"
                + " and evalEvery a twentieth and a quarter of the steps. batchSize is of pairs:%n");
        return commandLine;
    }

    @Override
    CommandLine fresh(Console console, IntConsumer quit) {
        return commandLine(console, quit);
    }

    @Override
    boolean resume() {
        return resume;
    }

    @Override
    void goOnLike(TuningCommand given) {
        resume = true;
        List<String> moved = ((AlignCommand) given).data;
        data = moved != null ? moved : data;
    }

    @Override
    Set<String> besideResume() {
        return Set.of("--base", "--data");
    }

    @Override
    String missing() {
        return task == null && data == null ? "--task or --data" : null;
    }

    @Override
    List<Path> read() {
        List<Path> read = new ArrayList<>(List.of(base));
        if (data != null) {
            read.addAll(DataFiles.named(data));
        }
        return read;
    }

    @Override
    boolean isPath(OptionSpec option, String value) {
        return switch (option.longestName()) {
            case "--data" -> true;
            case "--chat-template" -> new File(value).isFile();
            default -> super.isPath(option, value);
        };
    }

    @Override
    TrainConfig train() {
        return train(Finetuning.DEFAULTS, r == null ? 3e-4 : 1e-3);
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
                task != null ? alignment.data(task.of(size)) : alignment.pairs(DataFiles.named(data), this::say);
        return new Finetuning.Plan(base, learned, method(), train, out, config, "align");
    }

    private TuningMethod method() {
        if (r == null) {
            if (alpha != null) {
                throw new UsageException("--lora-alpha is for a LoRA; give its rank by --r");
            }
            return new FullTuning();
        }
        LoraConfig lora = LoraConfig.of(Targets.allLinear()).withR(r);
        return new AdapterTuning(alpha == null ? lora : lora.withAlpha(alpha), 1);
    }

    @Override
    void requireFits(Finetuning tuning) {
        ended = tuning;
    }

    /// Tells how the pairs are ranked that were held out.
    @Override
    void after() {
        if (ended.task() instanceof DirectPreference pairs && pairs.hasHeldOut()) {
            SequencedMap<String, Double> measured = pairs.heldOut(0);
            say(Line.format(
                    "of the pairs held out %.1f %% are ranked right; the margin of their rewards is %.4f",
                    100 * measured.get("rewards/accuracies"), measured.get("rewards/margins")));
        }
    }
}
