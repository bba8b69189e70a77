package gradus.train.cli;

import gradus.error.CheckpointMismatchException;
import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.error.TokenizerException;
import gradus.error.UsageException;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.tensor.DType;
import gradus.tensor.Rng;
import gradus.tensor.kernel.Kernels;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.format.Tokenizers;
import gradus.train.EndReason;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingResult;
import gradus.train.checkpoint.Checkpoints;
import gradus.train.checkpoint.TrainingProgress;
import gradus.train.checkpoint.Weights;
import gradus.train.cli.machine.CoreType;
import gradus.train.cli.progress.Progress;
import gradus.train.cli.terminal.Console;
import gradus.train.corpus.Corpus;
import gradus.train.corpus.Corpus.FileFacts;
import gradus.train.run.BestWeights;
import gradus.train.run.BitsPerByte;
import gradus.train.run.Circumstances;
import gradus.train.run.EncodedText;
import gradus.train.run.FolderGuard;
import gradus.train.run.Metrics;
import gradus.train.run.ModelText;
import gradus.train.run.Release;
import gradus.train.run.RunConfig;
import gradus.train.run.RunFolder;
import gradus.train.run.RunLock;
import gradus.train.run.TokenizerSource;
import gradus.train.run.Writer;
import gradus.train.run.plot.LossPlot;
import gradus.train.task.LanguageModelling;
import gradus.train.task.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/// One training from text to a folder with everything that came of it.
final class TrainingRun {
    private static final int SAMPLES = 10;
    private static final int SAMPLE_TOKENS = 300;
    private static final int CHECKPOINTS = 2; // the last ones; the best stays too

    private final Plan plan;
    private final RunConfig config;
    private final Tokenizer tokenizer;
    private final ModelText modelText;
    private final EncodedText text;
    private final boolean resumed;

    /// What a run is to be made of.
    ///
    /// @param separator the control token between documents; null if there is none
    record Plan(
            RunFolder folder,
            String preset,
            Corpus corpus,
            TokenizerSource source,
            String separator,
            TrainConfig train,
            Console console) {}

    /// How a run ended.
    ///
    /// @param exitCode of the program
    record Outcome(int exitCode, TrainingResult result, BitsPerByte bits) {}

    private TrainingRun(
            Plan plan, RunConfig config, Tokenizer tokenizer, ModelText modelText, EncodedText text, boolean resumed) {
        this.plan = plan;
        this.config = config;
        this.tokenizer = tokenizer;
        this.modelText = modelText;
        this.text = text;
        this.resumed = resumed;
    }

    /// Makes ready to begin. Nothing of an earlier run is touched yet.
    ///
    /// @param shape           the model's, whose vocabulary is the data's unless given
    /// @param vocabularyGiven whether it was
    static TrainingRun prepare(Plan plan, GptConfig shape, boolean vocabularyGiven) {
        Tokenizer tokenizer = plan.source().of(plan.corpus());
        GptConfig sized = sized(shape, vocabularyGiven, tokenizer.vocabularySize());
        requireSizes(sized, plan.train());
        ModelText modelText = modelText(tokenizer, plan);
        EncodedText text = encoded(plan, modelText, sized, false);
        RunConfig.Data facts = new RunConfig.Data(
                plan.corpus().name(),
                text.split().train().size(),
                text.split().validation().size(),
                tokenizer.vocabularySize(),
                Tokenizers.fingerprint(tokenizer),
                plan.corpus().linesAreEntries(),
                plan.corpus().files(),
                plan.separator());
        RunConfig config =
                new RunConfig(Release.number(), plan.preset(), facts, sized, plan.train(), Circumstances.now());
        return new TrainingRun(plan, config, tokenizer, modelText, text, false);
    }

    /// Makes ready to go on with a run where its newest checkpoint left it.
    ///
    /// @param begun what it was begun with
    static TrainingRun resume(Plan plan, RunConfig begun) {
        Tokenizer tokenizer = plan.source().of(plan.corpus());
        if (!Tokenizers.fingerprint(tokenizer).equals(begun.data().tokenizer())) {
            throw new CheckpointMismatchException(plan.folder().tokenizer()
                    + " is not the tokenizer that the run was begun with; its fingerprint differs");
        }
        requireSameFiles(plan.corpus(), begun.data());
        ModelText modelText = modelText(tokenizer, plan);
        EncodedText text;
        try {
            text = encoded(plan, modelText, begun.model(), begun.data().files() != null);
        } catch (TokenizerException e) {
            throw new DataException(
                    "%s has changed since the run was begun: %s"
                            .formatted(plan.corpus().name(), e.getMessage()),
                    e);
        }
        return new TrainingRun(plan, begun, tokenizer, modelText, text, true);
    }

    private static ModelText modelText(Tokenizer tokenizer, Plan plan) {
        return ModelText.of(tokenizer, plan.separator(), plan.corpus().files().size() > 1);
    }

    private static void requireSameFiles(Corpus corpus, RunConfig.Data begun) {
        if (begun.files() == null) {
            return; // as an earlier version began it; the checkpoint knows the tokens
        }
        List<String> then = begun.files().stream().map(FileFacts::sha256).toList();
        for (int i = 0; i < corpus.files().size(); i++) {
            FileFacts now = corpus.files().get(i);
            if (i >= then.size() || !then.get(i).equals(now.sha256())) {
                throw new DataException("%s: the data has changed since the run was begun; give it the same data, or"
                                .formatted(now.path())
                        + " start anew");
            }
        }
        if (corpus.files().size() != then.size()) {
            throw new DataException("the data has changed since the run was begun: it was %s files; now there are %s"
                    .formatted(then.size(), corpus.files().size()));
        }
    }

    private static EncodedText encoded(Plan plan, ModelText modelText, GptConfig shape, boolean reuse) {
        EncodedText text =
                EncodedText.of(plan.corpus(), modelText, plan.folder().tokens(), reuse);
        String name = plan.corpus().name();
        Corpus.requireTokens("training", name, text.split().train().size(), shape.context());
        Corpus.requireTokens("validation", name, text.split().validation().size(), shape.context());
        return text;
    }

    private static GptConfig sized(GptConfig shape, boolean vocabularyGiven, int vocabulary) {
        if (!vocabularyGiven) {
            return shape.withVocabSize(vocabulary);
        }
        if (shape.vocabSize() < vocabulary) {
            throw new UsageException("--model.vocabSize is %s; the tokenizer of the text has %s tokens"
                    .formatted(shape.vocabSize(), vocabulary));
        }
        return shape;
    }

    private static void requireSizes(GptConfig shape, TrainConfig train) {
        try {
            LanguageModelling.requireSizes(shape.context(), shape.vocabSize(), train.batchSize());
        } catch (ConfigException e) {
            throw new UsageException(e.getMessage(), e);
        }
    }

    // --- training

    /// Writes down what the run is, in place of an earlier one.
    void begin() {
        plan.folder().clear();
        describe();
    }

    private void describe() {
        Tokenizers.save(tokenizer, plan.folder().path());
        config.write(plan.folder());
    }

    /// Trains to the end, or until somebody stops it.
    ///
    /// @param lock on the run's folder
    /// @param quit ends the program at once, for a second interrupt
    Outcome train(RunLock lock, IntConsumer quit) {
        Gpt gpt = new Gpt(config.model(), Rng.of(config.train().seed()).at("init"));
        introduce(gpt);
        Trainer trainer = Trainer.of(gpt, config.train(), text.split());
        try (Interrupts interrupts = Interrupts.listen(() -> stop(trainer), quit)) {
            TrainingResult result = train(trainer, gpt, lock);
            if (interrupts.received()) {
                say("saved; now the samples, which a second Ctrl-C leaves out");
            }
            gpt.eval();
            try (var averaged = trainer.swapInAverage()) {
                sample(gpt);
            }
            String path = plan.folder().path().toString();
            say((interrupts.received() ? "stopped early; what was learnt" : "everything") + " is in " + path
                    + (interrupts.received() ? "; gradus train --resume " + path + " goes on" : ""));
            return new Outcome(interrupts.exitCode(), result, text.bits());
        }
    }

    private void stop(Trainer trainer) {
        trainer.requestStop();
        say("\nstopping after this step, to keep what was learnt; once more ends at once");
    }

    private void say(String line) {
        plan.console().err().println(line);
    }

    private void introduce(Gpt gpt) {
        GptConfig shape = gpt.config();
        Split data = text.split();
        boolean characters = tokenizer.name().equals("char");
        say(Progress.format(
                "%s: %,d %s to learn from, %,d held back, %,d different%s",
                plan.corpus().name(),
                data.train().size(),
                characters ? "characters" : "tokens",
                data.validation().size(),
                tokenizer.vocabularySize(),
                characters
                        ? ""
                        : Progress.format("; %.2f bytes each", text.bits().bytesPerToken())));
        say(Progress.format(
                "GPT: %s layers, %s heads, %s channels, context %s, %,d parameters; %s kernels",
                shape.layers(),
                shape.heads(),
                shape.dim(),
                shape.context(),
                gpt.parameterCount(),
                Kernels.of(DType.FLOAT32).name()));
        if (modelText.separator() < 0
                && tokenizer.specialTokens().contains(ModelText.END_OF_TEXT)
                && plan.corpus().holds(ModelText.END_OF_TEXT)) {
            say("the text holds " + ModelText.END_OF_TEXT + ", which is learnt as text like any; --documentSeparator='"
                    + ModelText.END_OF_TEXT + "' makes it the control token between documents");
        }
        CoreType.notice().ifPresent(this::say);
    }

    private TrainingResult train(Trainer trainer, Gpt gpt, RunLock lock) {
        RunFolder folder = plan.folder();
        Checkpoints checkpoints = new Checkpoints(folder.checkpoints(), CHECKPOINTS);
        Metrics[] log = new Metrics[1];
        Optional<TrainingProgress> from =
                trainer.saveTo(checkpoints, () -> log[0].position()).resume();
        checkpoints.damaged().forEach(fault -> say("passed over: " + fault));
        from.ifPresent(at -> say(Progress.format("going on after step %,d", at.step())));
        if (resumed && from.isEmpty()) {
            say(folder.beginAgain());
        }
        FolderGuard guard = new FolderGuard(folder, lock, trainer, this::describe);
        try (Metrics metrics = new Metrics(folder.metrics(), text.bits(), tokensPerStep())) {
            log[0] = metrics;
            metrics.goOn(from).ifPresent(this::say);
            TrainingResult result;
            try (Progress progress = Progress.on(plan.console(), config.train().steps(), text.bits())) {
                BestWeights best = new BestWeights(folder.best(), gpt, trainer);
                trainer.listen(guard).listen(metrics).listen(progress).listen(best);
                result = guard.run();
            } finally {
                // Also after a NumericException: the weights are those of the last good step.
                guard.restore();
                try (var averaged = trainer.swapInAverage()) {
                    Weights.save(folder.weights(), gpt);
                }
                draw(metrics);
            }
            guard.requireUntouched(result.steps());
            tell(result, trainer);
            return result;
        }
    }

    private long tokensPerStep() {
        TrainConfig train = config.train();
        return (long) train.batchSize() * train.accumulation() * config.model().context();
    }

    private void tell(TrainingResult result, Trainer trainer) {
        TrainingProgress.Best best = trainer.best();
        if (result.reason() == EndReason.NO_IMPROVEMENT) {
            say(Progress.format(
                    "ended early after step %,d: no evaluation since step %,d had a lower validation loss",
                    result.steps(), best.step()));
        }
        if (best.step() >= 0
                && best.step() < result.steps()
                && Files.exists(plan.folder().best())) {
            say(Progress.format(
                    "lowest validation loss on the way: %.4f after step %,d, whose weights are in %s",
                    best.loss(), best.step(), plan.folder().best().getFileName()));
        }
    }

    /// A picture that cannot be drawn, say for want of fonts, is no reason to lose a training.
    private void draw(Metrics metrics) {
        try {
            LossPlot.draw(
                    plan.folder().plot(),
                    plan.corpus().title() + ", " + plan.preset(),
                    metrics.training(),
                    metrics.validation());
        } catch (IOException | RuntimeException | InternalError | LinkageError e) {
            say("loss.png could not be drawn: " + e.getMessage());
        }
    }

    private void sample(Gpt gpt) {
        boolean lines = plan.corpus().linesAreEntries();
        Writer writer = Writer.of(gpt, modelText, lines, SAMPLE_TOKENS);
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < SAMPLES; i++) {
            String written = writer.write(
                            "", Rng.of(config.train().seed()).at("sample").at(i))
                    .strip();
            String sample = lines ? written + "\n" : "--- " + (i + 1) + "\n" + written + "\n";
            plan.console().text().print(sample);
            plan.console().text().flush();
            all.append(sample);
        }
        plan.folder().write(plan.folder().samples(), all.toString());
    }
}
