package gradus.train.cli;

import gradus.train.EvaluationReport;
import gradus.train.Spike;
import gradus.train.StepReport;
import java.io.PrintStream;
import java.time.Duration;

/// A plain line now and then, for files and pipes.
final class ProgressInLines implements Progress {
    private static final int LINES = 20;

    private final PrintStream err;
    private final int steps;
    private final BitsPerByte bits;
    private final long start = System.nanoTime();

    ProgressInLines(PrintStream err, int steps, BitsPerByte bits) {
        this.err = err;
        this.steps = steps;
        this.bits = bits;
    }

    @Override
    public void onStep(StepReport report) {
        int step = report.step();
        if (step == 1 || step == steps || step % Math.max(1, steps / LINES) == 0) {
            say(Progress.format(
                    "step %,d of %,d: loss %.4f, %,.0f tokens/s%s",
                    step, steps, report.loss(), report.tokensPerSecond(), left(step)));
        }
        if (step == steps) {
            say(LAST);
        }
    }

    /// The first step warms Java up and says nothing about the others.
    private String left(int step) {
        if (step == 1 || step == steps) {
            return "";
        }
        double nanos = (System.nanoTime() - start) / (double) step * (steps - step);
        Duration left = Duration.ofNanos((long) nanos);
        return ", %d:%02d left".formatted(left.toMinutes(), left.toSecondsPart());
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
