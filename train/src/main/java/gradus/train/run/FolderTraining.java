package gradus.train.run;

import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.TrainingResult;
import gradus.train.checkpoint.Checkpoints;
import gradus.train.checkpoint.TrainingProgress;
import gradus.train.run.metrics.Metrics;
import gradus.train.run.plot.AlignmentPlot;
import gradus.train.run.plot.LossPlot;
import gradus.train.run.text.BitsPerByte;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// A training that fills a folder with its checkpoints, the log of its losses and their picture.
///
/// @param title         of the picture
/// @param bits          turns a validation loss into bits per byte
/// @param tokensPerStep how many tokens a step reads; 0 where steps differ
/// @param describe      writes what the training is into its folder
/// @param save          writes what was learnt, with the averaged weights in place
/// @param resumeCommand by which a person goes on
public record FolderTraining(
        RunFolder folder,
        String title,
        BitsPerByte bits,
        long tokensPerStep,
        Runnable describe,
        Runnable save,
        String resumeCommand) {
    private static final int CHECKPOINTS = 2; // the last ones; the best stays too

    /// Trains to the end, or until somebody stops it. Whatever ends it, what was learnt is kept.
    ///
    /// @param steps   how many there are to be
    /// @param resumed whether it goes on with an earlier one
    /// @param more    listeners
    public TrainingResult run(
            Trainer trainer,
            RunLock lock,
            RunDisplay display,
            int steps,
            boolean resumed,
            List<TrainingListener> more) {
        Checkpoints checkpoints = new Checkpoints(folder.checkpoints(), CHECKPOINTS);
        Metrics[] log = new Metrics[1];
        Optional<TrainingProgress> from =
                trainer.saveTo(checkpoints, () -> log[0].position()).resume();
        checkpoints.damaged().forEach(fault -> display.say("passed over: " + fault));
        from.ifPresent(at -> display.say(Line.format("going on after step %,d", at.step())));
        if (resumed && from.isEmpty()) {
            display.say(folder.beginAgain());
        }
        FolderGuard guard = new FolderGuard(folder, lock, trainer, describe);
        try (Metrics metrics = new Metrics(folder.metrics(), bits, tokensPerStep)) {
            log[0] = metrics;
            metrics.goOn(from).ifPresent(display::say);
            TrainingResult result;
            try (RunDisplay.Steps shown = display.follow(steps, bits)) {
                trainer.listen(guard).listen(metrics).listen(shown);
                more.forEach(trainer::listen);
                result = guard.run();
            } catch (RuntimeException | Error failed) {
                // After a NumericException the weights are those of the last good step; a card that is lost has none.
                try {
                    keep(guard, trainer, metrics, display);
                } catch (RuntimeException again) {
                    failed.addSuppressed(again);
                }
                throw failed;
            }
            keep(guard, trainer, metrics, display);
            guard.requireUntouched(result.steps(), resumeCommand);
            return result;
        }
    }

    private void keep(FolderGuard guard, Trainer trainer, Metrics metrics, RunDisplay display) {
        guard.restore();
        try (var averaged = trainer.swapInAverage()) {
            save.run();
        }
        draw(metrics, display);
    }

    /// A picture that cannot be drawn, say for want of fonts, is no reason to lose a training.
    private void draw(Metrics metrics, RunDisplay display) {
        try {
            LossPlot.draw(folder.plot(), title, metrics.training(), metrics.validation());
        } catch (IOException | RuntimeException | InternalError | LinkageError e) {
            display.say("loss.png could not be drawn: " + e.getMessage());
            return;
        }
        try {
            AlignmentPlot.draw(folder.path().resolve("alignment.png"), title, folder.metrics());
        } catch (IOException | RuntimeException | InternalError | LinkageError e) {
            display.say("alignment.png could not be drawn: " + e.getMessage());
        }
    }
}
