package gradus.train.cli.progress;

import gradus.train.EvaluationReport;
import gradus.train.TrainingListener;
import gradus.train.cli.terminal.Console;
import gradus.train.run.BitsPerByte;
import java.util.Locale;

/// Shows how training goes.
public interface Progress extends TrainingListener, AutoCloseable {
    /// Said after the last step, since the last evaluation takes a while.
    String LAST = "measuring the validation loss on all the text held back";

    /// Tells something beside the progress.
    void say(String line);

    @Override
    void close();

    /// A bar that moves on a terminal, plain lines now and then elsewhere.
    static Progress on(Console console, int steps, BitsPerByte bits) {
        return console.redraws()
                ? new ProgressOnTerminal(console.screen(), steps, bits)
                : new ProgressInLines(console.err(), steps, bits);
    }

    /// What there is to say of an evaluation.
    static String told(EvaluationReport report, BitsPerByte bits) {
        double loss = report.validationLoss();
        return format("step %,d: validation loss %.4f, %.4f bits per byte", report.step(), loss, bits.of(loss))
                + (report.whole() ? " (whole split)" : "");
    }

    /// A number as everybody in this program writes it.
    static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
