package gradus.train.cli.progress;

import gradus.train.EvaluationReport;
import gradus.train.Spike;
import gradus.train.run.Line;
import gradus.train.run.RunDisplay;
import gradus.train.run.text.BitsPerByte;

/// Shows how training goes; evaluations and spikes are told in the same words everywhere.
abstract class StepDisplay implements RunDisplay.Steps {
    /// Said after the last step, since the last evaluation takes a while.
    static final String LAST = "measuring the validation loss on all the text held back";

    private final BitsPerByte bits;

    StepDisplay(BitsPerByte bits) {
        this.bits = bits;
    }

    /// Tells something beside the progress.
    abstract void say(String line);

    @Override
    public final void onEvaluation(EvaluationReport report) {
        double loss = report.validationLoss();
        say(Line.format("step %,d: validation loss %.4f", report.step(), loss)
                + (bits.known() ? Line.format(", %.4f bits per byte", bits.of(loss)) : "")
                + (report.whole() ? " (whole split)" : ""));
    }

    @Override
    public final void onSpike(Spike spike) {
        say(Line.format("step %,d: the loss jumped from %.3f to %.3f", spike.step(), spike.usual(), spike.loss()));
    }
}
