package gradus.train;

import gradus.train.checkpoint.TrainingProgress;
import gradus.train.checkpoint.TrainingProgress.Best;
import java.util.OptionalDouble;
import java.util.function.IntFunction;

/// Measures the model on the validation split when it is time to, and remembers the lowest loss. Its state is
/// saved in checkpoints.
final class Validation {
    private final EvaluationConfig config;
    private final IntFunction<OptionalDouble> measure;
    private final TrainingListener listener;

    private int evaluatedAt = -1; // the step of the last evaluation
    private double evaluated = Double.NaN;
    private Best best = Best.NONE;
    private double lossSum; // of the training steps since the last evaluation
    private int lossCount;

    /// @param measure  returns the validation loss on a number of batches, or on the whole split for 0; nothing
    ///                 if there is no split
    /// @param listener is told of each evaluation
    Validation(EvaluationConfig config, IntFunction<OptionalDouble> measure, TrainingListener listener) {
        this.config = config;
        this.measure = measure;
        this.listener = listener;
    }

    /// Records the loss of a training step.
    void trained(double loss) {
        lossSum += loss;
        lossCount++;
    }

    /// Whether it is time for an evaluation during training.
    ///
    /// @param step how many steps are done
    boolean isDue(int step) {
        return config.every() > 0 && step % config.every() == 0 && evaluatedAt != step;
    }

    /// Whether training is to end, because too many evaluations in a row found no new lowest loss.
    boolean outOfPatience() {
        return config.patience() > 0 && best.since() >= config.patience();
    }

    /// Measures the loss and tells the listener.
    ///
    /// @param step  how many steps are done
    /// @param whole whether to measure on the whole split in any case
    void evaluate(int step, boolean whole) {
        boolean all = whole || config.batches() == 0;
        OptionalDouble measured = measure.apply(all ? 0 : config.batches());
        if (measured.isEmpty()) {
            return;
        }
        double value = measured.getAsDouble();
        OptionalDouble trained = lossCount == 0 ? OptionalDouble.empty() : OptionalDouble.of(lossSum / lossCount);
        lossSum = 0;
        lossCount = 0;
        EvaluationReport report = new EvaluationReport(step, trained, value, all);
        listener.onEvaluation(report);
        evaluatedAt = step;
        evaluated = value;
        rememberBest(report);
    }

    /// Losses on a part of the split and on the whole split cannot be compared. So the lowest loss is that of
    /// an evaluation during training, unless there was none.
    private void rememberBest(EvaluationReport report) {
        boolean comparable = !report.whole() || config.batches() == 0 || best.step() < 0;
        if (!comparable) {
            return;
        }
        best = best.after(report.step(), report.validationLoss());
        if (best.step() == report.step()) {
            listener.onBest(report);
        }
    }

    /// Whether the model was measured after so many steps.
    boolean measuredAt(int step) {
        return evaluatedAt == step;
    }

    /// The loss after so many steps, if it was measured then.
    OptionalDouble lossAt(int step) {
        return evaluatedAt == step ? OptionalDouble.of(evaluated) : OptionalDouble.empty();
    }

    int evaluatedAt() {
        return evaluatedAt;
    }

    /// The loss of the last evaluation.
    double loss() {
        return evaluated;
    }

    Best best() {
        return best;
    }

    double lossSum() {
        return lossSum;
    }

    int lossCount() {
        return lossCount;
    }

    /// Continues from a saved state.
    void goOn(TrainingProgress from) {
        lossSum = from.lossSum();
        lossCount = from.lossCount();
        evaluatedAt = from.evaluatedAt();
        evaluated = from.validationLoss();
        best = from.best();
    }
}
