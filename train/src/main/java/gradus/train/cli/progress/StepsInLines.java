package gradus.train.cli.progress;

import gradus.train.StepReport;
import gradus.train.cli.terminal.TimeLeft;
import gradus.train.run.Line;
import gradus.train.run.text.BitsPerByte;
import java.io.PrintStream;

/// A plain line now and then, for files and pipes.
final class StepsInLines extends StepDisplay {
    private static final int LINES = 20;

    private final PrintStream err;
    private final int steps;
    private final TimeLeft timeLeft;
    private int first; // the step that this training began with, 1 unless it goes on with another

    StepsInLines(PrintStream err, int steps, BitsPerByte bits) {
        super(bits);
        this.err = err;
        this.steps = steps;
        this.timeLeft = new TimeLeft(steps);
    }

    @Override
    public void onStep(StepReport report) {
        int step = report.step();
        first = first == 0 ? step : first;
        timeLeft.onStep(step);
        if (step == first || step == steps || step % Math.max(1, steps / LINES) == 0) {
            say(Line.format(
                    "step %,d of %,d: loss %.4f, %,.0f tokens/s%s",
                    step, steps, report.loss(), report.tokensPerSecond(), left()));
        }
        if (step == steps) {
            say(LAST);
        }
    }

    private String left() {
        return timeLeft.left()
                .map(left -> Line.format(", %d:%02d left", left.toMinutes(), left.toSecondsPart()))
                .orElse("");
    }

    @Override
    void say(String line) {
        err.println(line);
    }

    @Override
    public void close() {}
}
