package gradus.train.cli;

import gradus.error.CheckpointMismatchException;
import gradus.error.DataException;
import gradus.error.TokenizerException;
import gradus.error.UsageException;
import gradus.layers.model.Gpt;
import gradus.layers.model.GptConfig;
import gradus.tensor.DType;
import gradus.tensor.Rng;
import gradus.tensor.kernel.Kernels;
import gradus.tokenizer.Tokenizer;
import gradus.train.Split;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.checkpoint.Checkpoints;
import gradus.train.checkpoint.TrainingProgress;
import gradus.train.checkpoint.Weights;
import gradus.train.corpus.Corpus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntConsumer;

/// One training from text to a folder with everything that came of it.
record TrainingRun(
        RunFolder folder, String preset, Corpus corpus, TokenizerSource source, TrainConfig config, Console console) {
    private static final int SAMPLES = 10;
    private static final int SAMPLE_TOKENS = 300;
    private static final int CHECKPOINTS = 2; // the last ones; the best stays too

    /// Begins a run.
    ///
    /// @param shape           the model's, whose vocabulary is the data's unless given
    /// @param vocabularyGiven whether it was
    /// @param quit            ends the program at once, for a second interrupt
    /// @return the exit code
    int run(GptConfig shape, boolean vocabularyGiven, IntConsumer quit) {
        Tokenizer tokenizer = source.of(corpus);
        GptConfig sized = sized(shape, vocabularyGiven, tokenizer.vocabularySize());
        Split data = split(tokenizer, sized);
        RunConfig.Data facts = new RunConfig.Data(
                corpus.name(),
                data.train().length,
                data.validation().length,
                tokenizer.vocabularySize(),
                tokenizer.fingerprint(),
                corpus.linesAreEntries());
        tokenizer.save(folder.path());
        new RunConfig(Version.number(), preset, facts, sized, config).write(folder);
        return train(sized, tokenizer, data, quit);
    }

    /// Goes on with a run where its newest checkpoint left it, or from its beginning if it has none.
    ///
    /// @param begun what it was begun with
    int resume(RunConfig begun, IntConsumer quit) {
        Tokenizer tokenizer = source.of(corpus);
        if (!tokenizer.fingerprint().equals(begun.data().tokenizer())) {
            throw new CheckpointMismatchException(
                    folder.tokenizer() + " is not the tokenizer that the run was begun with; its fingerprint differs");
        }
        Split data;
        try {
            data = split(tokenizer, begun.model());
        } catch (TokenizerException e) {
            throw new DataException(
                    "%s has changed since the run was begun: %s".formatted(corpus.name(), e.getMessage()), e);
        }
        return train(begun.model(), tokenizer, data, quit);
    }

    private Split split(Tokenizer tokenizer, GptConfig shape) {
        ModelText text = ModelText.of(tokenizer);
        Split data = new Split(text.encode(corpus.training()), text.encode(corpus.validation()));
        Corpus.requireTokens("training", corpus.name(), data.train().length, shape.context());
        Corpus.requireTokens("validation", corpus.name(), data.validation().length, shape.context());
        return data;
    }

    private int train(GptConfig shape, Tokenizer tokenizer, Split data, IntConsumer quit) {
        BitsPerByte bits = BitsPerByte.of(data.validation(), corpus.validation());
        Gpt gpt = new Gpt(shape, Rng.of(config.seed()).at("init"));
        introduce(gpt, data, tokenizer, bits);
        Trainer trainer = new Trainer(gpt, config, data);
        try (Interrupts interrupts = Interrupts.listen(() -> stop(trainer), quit)) {
            train(trainer, gpt, bits);
            if (interrupts.received()) {
                console.err().println("saved; now the samples, which a second Ctrl-C leaves out");
            }
            gpt.eval();
            try (var averaged = trainer.swapInAverage()) {
                sample(gpt, tokenizer);
            }
            console.err()
                    .println((interrupts.received() ? "stopped early; what was learnt" : "everything") + " is in "
                            + folder.path()
                            + (interrupts.received() ? "; gradus train --resume " + folder.path() + " goes on" : ""));
            return interrupts.exitCode();
        }
    }

    private void stop(Trainer trainer) {
        trainer.requestStop();
        console.err().println("\nstopping after this step, to keep what was learnt; once more ends at once");
    }

    private GptConfig sized(GptConfig shape, boolean vocabularyGiven, int vocabulary) {
        if (!vocabularyGiven) {
            return shape.withVocabSize(vocabulary);
        }
        if (shape.vocabSize() < vocabulary) {
            throw new UsageException("--model.vocabSize is %s; the tokenizer of the text has %s tokens"
                    .formatted(shape.vocabSize(), vocabulary));
        }
        return shape;
    }

    private void introduce(Gpt gpt, Split data, Tokenizer tokenizer, BitsPerByte bits) {
        GptConfig shape = gpt.config();
        boolean characters = tokenizer.name().equals("char");
        console.err()
                .println(Progress.format(
                        "%s: %,d %s to learn from, %,d held back, %,d different%s",
                        corpus.name(),
                        data.train().length,
                        characters ? "characters" : "tokens",
                        data.validation().length,
                        tokenizer.vocabularySize(),
                        characters ? "" : Progress.format("; %.2f bytes each", bits.bytesPerToken())));
        console.err()
                .println(Progress.format(
                        "GPT: %d layers, %d heads, %d channels, context %d, %,d parameters; %s kernels",
                        shape.layers(),
                        shape.heads(),
                        shape.dim(),
                        shape.context(),
                        gpt.parameterCount(),
                        Kernels.of(DType.FLOAT32).name()));
        CoreType.notice().ifPresent(console.err()::println);
    }

    private void train(Trainer trainer, Gpt gpt, BitsPerByte bits) {
        try (Metrics metrics = new Metrics(folder.metrics(), bits)) {
            Checkpoints checkpoints = new Checkpoints(folder.checkpoints(), CHECKPOINTS);
            resume(trainer.saveTo(checkpoints, metrics::position), checkpoints, metrics);
            try (Progress progress = Progress.on(console, config.steps(), bits)) {
                trainer.listen(metrics).listen(progress).run();
            } finally {
                // Also after a NumericException: the weights are those of the last good step.
                try (var averaged = trainer.swapInAverage()) {
                    Weights.save(folder.weights(), gpt);
                }
                draw(metrics);
            }
        }
    }

    /// A new run has no checkpoints, and begins at the beginning.
    private void resume(Trainer trainer, Checkpoints checkpoints, Metrics metrics) {
        Optional<TrainingProgress> found = trainer.resume();
        metrics.goOn(found.map(TrainingProgress::logPosition).orElse(0L));
        checkpoints.damaged().forEach(fault -> console.err().println("passed over: " + fault));
        found.ifPresent(at -> console.err().println(Progress.format("going on after step %,d", at.step())));
    }

    /// A picture that cannot be drawn, say for want of fonts, is no reason to lose a training.
    private void draw(Metrics metrics) {
        try {
            LossPlot.draw(
                    folder.plot(),
                    Path.of(corpus.name()).getFileName() + ", " + preset,
                    metrics.training(),
                    metrics.validation());
        } catch (IOException | RuntimeException | InternalError | LinkageError e) {
            console.err().println("loss.png could not be drawn: " + e.getMessage());
        }
    }

    private void sample(Gpt gpt, Tokenizer tokenizer) {
        Writer writer = new Writer(gpt, tokenizer, Writer.USUAL, SAMPLE_TOKENS, corpus.linesAreEntries());
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < SAMPLES; i++) {
            String text =
                    writer.write("", Rng.of(config.seed()).at("sample").at(i)).strip();
            String sample = corpus.linesAreEntries() ? text + "\n" : "--- " + (i + 1) + "\n" + text + "\n";
            console.text().print(sample);
            console.text().flush();
            all.append(sample);
        }
        folder.write(folder.samples(), all.toString());
    }
}
