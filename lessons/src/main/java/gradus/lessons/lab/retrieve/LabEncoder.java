package gradus.lessons.lab.retrieve;

import gradus.layers.model.config.GptConfig;
import gradus.lessons.lab.option.LabOutput;
import gradus.lessons.lab.option.LabProgress;
import gradus.train.StepReport;
import gradus.train.TrainConfig;
import gradus.train.contrastive.ContrastiveCorpus;
import gradus.train.corpus.Corpus;
import gradus.train.run.Preset;
import gradus.train.run.RunDisplay;
import gradus.train.run.RunFolder;
import gradus.train.run.RunLock;
import gradus.train.run.RunSetup;
import gradus.train.run.RunTask;
import gradus.train.run.TrainingRun;
import gradus.train.run.text.BitsPerByte;
import gradus.train.run.text.TokenizerSource;
import gradus.train.task.ContrastiveConfig;
import java.nio.file.Path;
import java.util.List;

/// Trains the encoder of the experiment on WordNet, as `gradus train --task contrastive` does.
final class LabEncoder implements RunDisplay {
    private static final int WARMUP_SHARE = 20;
    private static final int PREFIX = 64;

    private final LabOutput output;

    LabEncoder(LabOutput output) {
        this.output = output;
    }

    /// @param preset its size and its training
    /// @return its folder
    Path train(Preset preset, int steps, Path path) {
        GptConfig model = preset.model();
        TrainConfig train = preset.train()
                .withSteps(steps)
                .withWarmup(Math.min(preset.train().learningRate().warmup(), steps / WARMUP_SHARE))
                .withEvalEvery(0)
                .withCheckpointEvery(0);
        ContrastiveConfig config = model.dim() <= PREFIX
                ? ContrastiveConfig.USUAL
                : ContrastiveConfig.USUAL.withMatryoshka(List.of(PREFIX, model.dim()));
        RunFolder folder = RunFolder.create(path, true);
        folder.make();
        try (RunLock lock = RunLock.take(folder.path())) {
            Corpus corpus = ContrastiveCorpus.load(List.of(Corpus.WORDNET), false);
            RunSetup setup = RunSetup.begin(
                    new RunSetup.Plan(
                            folder,
                            preset.name(),
                            corpus,
                            TokenizerSource.wordPiece(preset.bpe()),
                            null,
                            train,
                            RunTask.CONTRASTIVE,
                            config),
                    model,
                    false);
            TrainingRun run = new TrainingRun(setup, this);
            run.begin();
            run.train(lock);
        }
        return path;
    }

    @Override
    public void say(String line) {
        output.say("  " + line);
    }

    /// The samples are in the run's folder.
    @Override
    public void show(String sample) {}

    @Override
    public Steps follow(int steps, BitsPerByte bits) {
        LabProgress progress = new LabProgress(steps, output::say);
        return new Steps() {
            @Override
            public void onStep(StepReport report) {
                progress.onStep(report);
            }

            @Override
            public void close() {}
        };
    }
}
