package gradus.train.report;

import gradus.error.GradusException;
import gradus.train.StepReport;
import gradus.train.TrainingListener;
import gradus.train.run.RunFolder;
import gradus.train.run.compare.RunRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/// Writes the report of a run while it trains, into its folder, as a page that the browser loads anew. A report
/// that cannot be written is no reason to lose a training: that is told once.
public final class LiveReport implements TrainingListener {
    private static final int SECONDS = 10;
    private static final long NANOS = 1_000_000_000L;

    private final Path run;
    private final Consumer<String> say;
    private long next = System.nanoTime();
    private boolean told;

    /// @param run the folder of the run
    public LiveReport(Path run, Consumer<String> say) {
        this.run = run;
        this.say = say;
    }

    @Override
    public void onStep(StepReport report) {
        if (System.nanoTime() - next >= 0) {
            write(false, OptionalInt.of(SECONDS));
        }
    }

    /// Writes the page as it stays, with the model's inside.
    public void finish() {
        write(true, OptionalInt.empty()); // the folder is still ours
    }

    private void write(boolean inside, OptionalInt refresh) {
        long begin = System.nanoTime();
        try {
            RunRecord now = RunRecord.open(run);
            new Report(Optional.empty(), inside, refresh, say)
                    .write(new RunFolder(run).report(), List.of(inside ? now.ended() : now));
        } catch (GradusException cannot) {
            if (!told) {
                say.accept("the report cannot be written: " + cannot.getMessage());
            }
            told = true;
        }
        long took = System.nanoTime() - begin;
        next = System.nanoTime() + Math.max(SECONDS * NANOS, SECONDS * took); // at most a tenth of the time
    }
}
