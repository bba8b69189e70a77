package gradus.train.cli;

import gradus.train.EvaluationReport;
import gradus.train.Spike;
import gradus.train.StepReport;
import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// One line that changes: a bar, time passed and left, loss, speed. Validation losses stay above it.
final class ProgressOnTerminal implements Progress {
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final Line line;
    private final ProgressBar bar;
    private final BitsPerByte bits;
    private double loss = Double.NaN;
    private double speed = Double.NaN;

    ProgressOnTerminal(PrintStream err, int steps, BitsPerByte bits) {
        this.line = new Line(err);
        this.bits = bits;
        this.bar = new ProgressBarBuilder()
                .setTaskName("train")
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                .setUpdateIntervalMillis(250)
                .setConsumer(line)
                .build();
    }

    /// The bar's place on the screen. The bar draws from a thread of its own, so lines take turns.
    private static final class Line extends ConsoleProgressBarConsumer {
        private final PrintStream err;

        Line(PrintStream err) {
            super(err);
            this.err = err;
        }

        @Override
        public synchronized void accept(String bar) {
            err.print(CLEAR_LINE + bar);
            err.flush();
        }

        synchronized void say(String text) {
            err.println(CLEAR_LINE + text);
        }

        @Override
        public synchronized void close() {
            err.println();
        }
    }

    @Override
    public void onStep(StepReport report) {
        loss = mix(loss, report.loss());
        speed = mix(speed, report.tokensPerSecond());
        bar.setExtraMessage(Progress.format(" loss %.3f, %,.0f tokens/s", loss, speed));
        bar.stepTo(report.step());
        if (report.step() == bar.getMax()) {
            say(LAST);
        }
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
    public void say(String text) {
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
