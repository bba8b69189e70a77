package gradus.train.cli;

import gradus.error.ConfigException;
import gradus.error.UsageException;
import gradus.train.EvaluationReport;
import gradus.train.StepReport;
import gradus.train.TrainConfig;
import gradus.train.TrainingListener;
import gradus.train.TrainingResult;
import gradus.train.cli.option.AdapterOptions;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import gradus.train.corpus.Corpus;
import gradus.train.finetune.Finetuning;
import gradus.train.finetune.TextData;
import gradus.train.finetune.Tuned;
import gradus.train.run.RunFolder;
import gradus.train.run.RunLock;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.IntConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gradus finetune`
@Command(
        name = "finetune",
        description = "Trains a model that is there already on another text, as a whole or by a small adapter.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {
            "",
            "The folder then holds the adapter as Hugging Face's peft has it, for",
            "gradus merge, export --adapter and sample --adapter, a soft prompt for",
            "sample --adapter only; or, with --method full, the model.",
            "",
            "Examples:",
            "  gradus finetune --base runs/mine --data my.txt --out tuned",
            "  gradus finetune --base folder --data my.txt --out tuned --r 16 --target-modules q_proj,v_proj",
            "  gradus finetune --base runs/mine --data my.txt --out tuned --method prefix \\",
            "    --prompt-init text --prompt-init-text 'A definition: '",
            "  gradus finetune --base runs/mine --data my.txt --out tuned --resume"
        })
final class FinetuneCommand implements Callable<Integer> {
    private static final int LINES = 20;

    @Option(
            names = "--base",
            required = true,
            paramLabel = "<path>",
            description = "a run's folder, a Hugging Face folder or a GGUF file")
    private Path base;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "<file>",
            arity = "1..*",
            description = "UTF-8 text files or globs such as 'texts/**.txt'")
    private List<String> data;

    @Option(names = "--out", required = true, paramLabel = "<folder>", description = "the folder to fill")
    private Path out;

    @Option(
            names = "--resume",
            description = "go on from the newest checkpoint in --out; give the other options as before")
    private boolean resume;

    @Mixin
    private AdapterOptions adapter;

    @Option(names = "--steps", paramLabel = "<n>", description = "how many times weights change; default 200")
    private int steps = 200;

    @Option(names = "--lr", paramLabel = "<n>", description = "the learning rate; default 1e-3, of full 1e-4, of a soft prompt 1e-2")
    private Double lr;

    @Option(names = "--batch-size", paramLabel = "<n>", description = "sequences of one step; default 8")
    private int batchSize = 8;

    @Option(names = "--seed", paramLabel = "<n>", description = "of all random numbers; default 1")
    private long seed = 1;

    private final Console console;
    private final IntConsumer quit;

    FinetuneCommand(Console console, IntConsumer quit) {
        this.console = console;
        this.quit = quit;
    }

    @Override
    public Integer call() {
        Finetuning.Plan plan = plan();
        if (!resume) {
            Finetuning.create(out);
        }
        RunFolder.requireWritable(out);
        try (RunLock lock = RunLock.take(out)) {
            Finetuning tuning = tuning(plan);
            Tuned tuned = tuning.tuned();
            say("%,d numbers are trained, %.2f %% of the base's %,d"
                    .formatted(
                            tuned.trainedParameters(),
                            100.0 * tuned.trainedParameters() / tuned.baseParameters(),
                            tuned.baseParameters()));
            if (resume) {
                say("going on after step %,d".formatted(tuning.resume()));
            }
            try (Interrupts interrupts = Interrupts.listen(tuning::requestStop, quit)) {
                TrainingResult result = tuning.run(new Progress());
                say((result.steps() < steps ? "stopped early; what was learnt is in " : "everything is in ") + out);
                return interrupts.exitCode();
            }
        }
    }

    private static Finetuning tuning(Finetuning.Plan plan) {
        try {
            return new Finetuning(plan);
        } catch (ConfigException wrong) { // what was asked for does not fit the base
            throw new UsageException(wrong.getMessage(), wrong);
        }
    }

    private Finetuning.Plan plan() {
        try {
            double rate = lr != null ? lr : adapter.isFull() ? 1e-4 : adapter.isPrompt() ? 1e-2 : 1e-3;
            TrainConfig train = TrainConfig.defaults()
                    .withSteps(steps)
                    .withBatchSize(batchSize)
                    .withSeed(seed)
                    .withLr(rate)
                    .withMinLr(rate / 10)
                    .withWarmup(steps / 20)
                    .validate();
            return new Finetuning.Plan(base, new TextData(Corpus.load(data, false)), adapter.method(), train, out);
        } catch (ConfigException wrong) {
            throw new UsageException(wrong.getMessage(), wrong);
        }
    }

    private void say(String line) {
        console.err().println(line);
    }

    private final class Progress implements TrainingListener {
        @Override
        public void onStep(StepReport report) {
            if (report.step() % Math.max(1, steps / LINES) == 0) {
                say(String.format(Locale.ROOT, "step %,d of %,d: loss %.4f", report.step(), steps, report.loss()));
            }
        }

        @Override
        public void onEvaluation(EvaluationReport report) {
            say(String.format(Locale.ROOT, "step %,d: validation loss %.4f", report.step(), report.validationLoss()));
        }
    }
}
