package gradus.train;

import gradus.error.NumericException;
import gradus.layers.Layer;

/// Counts the steps that were skipped because their gradient was not finite. One may happen by chance;
/// several in a row mean that the training has gone wrong.
final class SkippedSteps {
    private final Layer model; // to find which gradient was not finite
    private int total;
    private int inARow;

    SkippedSteps(Layer model) {
        this.model = model;
    }

    int total() {
        return total;
    }

    /// How many of the last steps were skipped.
    int inARow() {
        return inARow;
    }

    /// Continues counting from saved numbers.
    void goOn(int total, int inARow) {
        this.total = total;
        this.inARow = inARow;
    }

    /// Call this after a step that was not skipped.
    void none() {
        inARow = 0;
    }

    /// @param step counted from 1
    /// @throws NumericException if this is the last skipped step in a row that is allowed
    void add(int step) {
        total++;
        inARow++;
        if (inARow >= Trainer.MOST_SKIPS) {
            throw new NumericException(
                    "step %s: the gradient was not finite %s times in a row, this time that of %s; the"
                                    .formatted(step, inARow, NotFinite.gradient(model))
                            + " weights are those of the last good step");
        }
    }
}
