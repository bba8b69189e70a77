package gradus.train.cli.progress;

import gradus.train.StepReport;
import gradus.train.cli.terminal.BarLine;
import gradus.train.cli.terminal.TimeLeft;
import gradus.train.run.Line;
import gradus.train.run.text.BitsPerByte;
import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBar;

/// One line that changes: a bar, time passed and left, loss, speed. Validation losses stay above it.
final class StepsOnTerminal extends StepDisplay {
    private final BarLine line;
    private final ProgressBar bar;
    private final TimeLeft timeLeft;
    private double loss = Double.NaN;
    private double speed = Double.NaN;

    StepsOnTerminal(PrintStream screen, int steps, BitsPerByte bits) {
        super(bits);
        TimeLeft timeLeft = new TimeLeft(steps);
        BarLine.Drawn drawn = BarLine.bar(screen, "train", steps, timeLeft::left);
        this.line = drawn.line();
        this.bar = drawn.bar();
        this.timeLeft = timeLeft;
    }

    @Override
    public void onStep(StepReport report) {
        loss = mix(loss, report.loss());
        speed = mix(speed, report.tokensPerSecond());
        bar.setExtraMessage(Line.format(" loss %.3f, %,.0f tokens/s", loss, speed));
        timeLeft.onStep(report.step());
        bar.stepTo(report.step());
        if (report.step() == bar.getMax()) {
            say(LAST);
        }
    }

    @Override
    void say(String text) {
        line.say(text);
    }

    @Override
    public void close() {
        bar.close();
    }

    /// A mean that forgets: single steps jump too much to be read.
    private static double mix(double before, double now) {
        return Double.isNaN(before) ? now : 0.95 * before + 0.05 * now;
    }
}
