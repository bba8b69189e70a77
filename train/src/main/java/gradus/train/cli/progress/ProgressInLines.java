package gradus.train.cli.progress;

import gradus.train.EvaluationReport;
import gradus.train.Spike;
import gradus.train.StepReport;
import gradus.train.cli.terminal.TimeLeft;
import gradus.train.run.BitsPerByte;
import java.io.PrintStream;

/// A plain line now and then, for files and pipes.
final class ProgressInLines implements Progress {
    private static final int LINES = 20;

    private final PrintStream err;
    private final int steps;
    private final BitsPerByte bits;
    private final TimeLeft timeLeft;
    private int first; // the step that this training began with, 1 unless it goes on with another

    ProgressInLines(PrintStream err, int steps, BitsPerByte bits) {
        this.err = err;
        this.steps = steps;
        this.timeLeft = new TimeLeft(steps);
        this.bits = bits;
    }

    @Override
    public void onStep(StepReport report) {
        int step = report.step();
        first = first == 0 ? step : first;
        timeLeft.onStep(step);
        if (step == first || step == steps || step % Math.max(1, steps / LINES) == 0) {
            say(Progress.format(
                    "step %,d of %,d: loss %.4f, %,.0f tokens/s%s",
                    step, steps, report.loss(), report.tokensPerSecond(), left()));
        }
        if (step == steps) {
            say(LAST);
        }
    }

    private String left() {
        return timeLeft.left()
                .map(left -> Progress.format(", %d:%02d left", left.toMinutes(), left.toSecondsPart()))
                .orElse("");
    }

    @Override
    public void onEvaluation(EvaluationReport report) {
        say(Progress.told(report, bits));
    }

    @Override
    public void onSpike(Spike spike) {
        say(Progress.format("step %,d: the loss jumped from %.3f to %.3f", spike.step(), spike.usual(), spike.loss()));
    }

    @Override
    public void say(String line) {
        err.println(line);
    }

    @Override
    public void close() {}
}
