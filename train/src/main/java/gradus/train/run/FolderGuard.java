package gradus.train.run;

import gradus.error.ResourceException;
import gradus.train.StepReport;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.TrainingResult;

/// Notices that the run's folder was removed or moved away while a training fills it, which writing to open
/// files does not tell. Then the training ends after its step, the folder is made anew, and what is in memory
/// is saved there: a resume finds all but the log of earlier steps.
public final class FolderGuard implements TrainingListener {
    private static final long EVERY = 200_000_000L; // nanoseconds between looks

    private final RunFolder folder;
    private final RunLock lock;
    private final Trainer trainer;
    private final Runnable describe;
    private long looked = System.nanoTime() - EVERY;
    private boolean removed;

    /// @param describe writes what the run is into its folder
    public FolderGuard(RunFolder folder, RunLock lock, Trainer trainer, Runnable describe) {
        this.folder = folder;
        this.lock = lock;
        this.trainer = trainer;
        this.describe = describe;
    }

    @Override
    public void onStep(StepReport report) {
        if (System.nanoTime() - looked >= EVERY) {
            looked = System.nanoTime();
            if (!lock.isHeld()) {
                restore();
            }
        }
    }

    /// Trains. If a file could not be written because the folder went away, the training ends there, and its
    /// last checkpoint is written once more.
    public TrainingResult run() {
        try {
            return trainer.run();
        } catch (ResourceException notWritten) {
            if (!restore()) {
                throw notWritten;
            }
            return trainer.run(); // which was asked to stop
        }
    }

    /// Makes the folder anew if it is gone.
    ///
    /// @return whether it was gone
    /// @throws ResourceException if another training has taken its place
    public boolean restore() {
        if (removed || lock.isHeld()) {
            return false;
        }
        lock.requireNobodyElse();
        removed = true;
        trainer.requestStop();
        RunFolder.requireWritable(folder.path());
        describe.run();
        return true;
    }

    /// @param resumeCommand by which a person goes on
    /// @throws ResourceException if the folder had to be made anew
    public void requireUntouched(int steps, String resumeCommand) {
        if (removed) {
            throw new ResourceException(
                    "%1$s was removed or moved while the training ran; it was made anew with the state after step %2$s, and %3$s goes on from there"
                            .formatted(folder.path(), steps, resumeCommand));
        }
    }
}
