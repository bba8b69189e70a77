package gradus.train.cli.option;

import gradus.train.report.LiveReport;
import gradus.train.run.RunFolder;
import gradus.train.run.TrainingRun;
import gradus.train.run.tensorboard.TensorBoard;
import java.util.Set;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/// What a training writes for somebody who watches it.
public final class WatchOptions {
    private static final String REPORT = "--report";
    private static final String TENSORBOARD = "--tensorboard";

    /// The names of the options; they may also stand beside `--resume`.
    public static final Set<String> NAMES = Set.of(REPORT, TENSORBOARD);

    @Option(
            names = REPORT,
            description =
                    "write report.html into the run's folder, a page about it, again and again while it trains, and log"
                            + " how far each step moves the weights, for some 5 %% of its time")
    private boolean report;

    @Option(
            names = TENSORBOARD,
            description = "write event files into the run's folder, for tensorboard --logdir <folder>")
    private boolean tensorboard;

    /// Lets what was asked for hear of every step.
    ///
    /// @return what is left to do when the training has ended
    public Runnable listen(TrainingRun run, RunFolder folder, Consumer<String> say) {
        LiveReport page = new LiveReport(folder.path(), say);
        if (report) {
            run.listen(page);
            run.watchUpdates();
        }
        if (tensorboard) {
            run.listen(new TensorBoard(folder.tensorboard(), say));
        }
        return report ? page::finish : () -> {};
    }
}
