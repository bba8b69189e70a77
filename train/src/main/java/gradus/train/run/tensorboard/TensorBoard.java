package gradus.train.run.tensorboard;

import gradus.error.FileReason;
import gradus.error.GradusException;
import gradus.error.ResourceException;
import gradus.train.EndReason;
import gradus.train.EvaluationReport;
import gradus.train.StepReport;
import gradus.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/// Writes the numbers of a training for TensorBoard, under the names that they have in `metrics.jsonl`.
/// `tensorboard --logdir runs` shows all runs of a folder.
///
/// A training that goes on from a checkpoint begins a file of its own, which tells TensorBoard from which step on
/// the earlier ones no longer count. A file that cannot be written is no reason to lose a training: that is told
/// once.
public final class TensorBoard implements TrainingListener, AutoCloseable {
    private static final double MILLIS = 1e3;
    private static final long SECOND = 1_000_000_000L;

    private final Path folder;
    private final Consumer<String> say;
    private EventFile file; // from the first step on
    private boolean failed;
    private long flushed = System.nanoTime();

    /// @param folder of the events, which is made
    public TensorBoard(Path folder, Consumer<String> say) {
        this.folder = folder;
        this.say = say;
    }

    @Override
    public void onStep(StepReport report) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        numbers.put("loss", report.loss());
        numbers.put("lr", report.learningRate());
        numbers.put("gradNorm", report.gradNorm());
        numbers.put("tokensPerSecond", report.tokensPerSecond());
        numbers.putAll(report.metrics());
        write(report.step(), numbers, System.nanoTime() - flushed > SECOND);
    }

    @Override
    public void onEvaluation(EvaluationReport report) {
        write(report.step(), Map.of("validationLoss", report.validationLoss()), true);
    }

    @Override
    public void onEnd(EndReason reason) {
        close();
    }

    private void write(int step, Map<String, Double> numbers, boolean flush) {
        trying(() -> {
            double now = System.currentTimeMillis() / MILLIS;
            if (file == null) {
                begin(now, step);
            }
            file.scalars(now, step, numbers);
            if (flush) {
                file.flush();
                flushed = System.nanoTime();
            }
        });
    }

    private void begin(double now, int step) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new ResourceException(folder + " cannot be made: " + FileReason.of(e), e);
        }
        int number = 0;
        Path name;
        do { // the names of two in one second differ by a number
            name = folder.resolve("events.out.tfevents." + (long) now + ".gradus." + number++);
        } while (Files.exists(name));
        file = new EventFile(name, now);
        file.start(now, step);
    }

    private void trying(Runnable what) {
        if (failed) {
            return;
        }
        try {
            what.run();
        } catch (GradusException cannot) {
            failed = true;
            say.accept("TensorBoard's events end here: " + cannot.getMessage());
        }
    }

    /// Ends the file, if one was begun.
    @Override
    public void close() {
        if (file != null) {
            trying(file::close);
        }
        file = null;
    }
}
