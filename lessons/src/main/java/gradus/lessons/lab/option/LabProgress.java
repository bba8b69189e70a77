package gradus.lessons.lab.option;

import gradus.train.StepReport;
import gradus.train.TrainingListener;
import java.util.Locale;
import java.util.function.Consumer;

/// Tells the loss of a training ten times on the way.
///
/// @param steps how many there are
/// @param say   takes each line
public record LabProgress(int steps, Consumer<String> say) implements TrainingListener {
    private static final int LINES = 10;

    @Override
    public void onStep(StepReport report) {
        if (report.step() % Math.max(1, steps / LINES) == 0) {
            say.accept(String.format(Locale.ROOT, "  step %,d: loss %.4f", report.step(), report.loss()));
        }
    }
}
