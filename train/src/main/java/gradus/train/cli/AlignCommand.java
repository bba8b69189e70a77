package gradus.train.cli;

import gradus.error.UsageException;
import gradus.layers.adapter.LoraConfig;
import gradus.layers.adapter.Targets;
import gradus.train.TrainConfig;
import gradus.train.align.AlignmentData;
import gradus.train.align.AlignmentTask;
import gradus.train.cli.option.AlignmentOptions;
import gradus.train.cli.option.Overrides;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.finetune.AdapterTuning;
import gradus.train.finetune.Finetuning;
import gradus.train.finetune.FullTuning;
import gradus.train.finetune.TuningMethod;
import gradus.train.run.TuningConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus align`
@Command(
        name = "align",
        description =
                "Lets a model learn by reinforcement from a task whose answers can be checked: it answers, right answers"
                        + " are paid, and what was paid becomes more probable.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        customSynopsis = "gradus align --base=<path> --task=<task> --out=<folder> [...]",
        footer = {
            "",
            "The model must know the form of the answers already: train it on examples",
            "first, which gradus data answers writes. The validation loss is minus the",
            "mean reward of its likeliest answers to questions that are held out.",
            "The folder then holds the model, or an adapter if --r is given; metrics.jsonl",
            "has the numbers of each step by the names of Hugging Face's TRL, and",
            "alignment.png their curves.",
            "Ctrl-C ends the training after the current step and keeps what was learnt;",
            "--resume continues it.",
            "",
            "Examples:",
            "  gradus data answers --task addition --out sums.txt",
            "  gradus train --data sums.txt --out runs/sums --steps 1000",
            "  gradus align --base runs/sums --task addition --out aligned",
            "  gradus align --base runs/sums --task addition --method ppo --out aligned",
            "  gradus align --resume --out aligned"
        })
final class AlignCommand extends TuningCommand {
    private static final Map<String, String> SHORT = Map.of(
            "steps", "--steps",
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
                + " and evalEvery a twentieth and a quarter of the steps. The batch is what is drawn; batchSize has no"
                + " effect:%n");
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
    }

    @Override
    Set<String> besideResume() {
        return Set.of("--base");
    }

    @Override
    String missing() {
        return task == null ? "--task" : null;
    }

    @Override
    List<Path> read() {
        return List.of(base);
    }

    @Override
    TrainConfig train() {
        return train(Finetuning.DEFAULTS, r == null ? 3e-4 : 1e-3);
    }

    @Override
    Finetuning.Plan plan(TrainConfig train, TuningConfig config) {
        AlignmentData data = alignment.data(task.of(size));
        return new Finetuning.Plan(base, data, method(), train, out, config, "align");
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
}
