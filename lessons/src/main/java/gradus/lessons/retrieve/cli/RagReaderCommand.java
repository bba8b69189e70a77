package gradus.lessons.retrieve.cli;

import gradus.error.ConfigException;
import gradus.error.UsageException;
import gradus.lessons.retrieve.reader.Facts;
import gradus.lessons.retrieve.reader.Reader;
import gradus.lessons.retrieve.reader.ReaderPlan;
import gradus.train.StepReport;
import gradus.train.TrainingListener;
import gradus.train.cli.option.Version;
import gradus.train.cli.terminal.Console;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `gradus rag reader`
@Command(
        name = "reader",
        description = {
            "Trains a small language model to answer from what it reads, first on drawn",
            "tokens that come again, then on sentences about words of WordNet, most of",
            "which are untrue, so that nothing but reading helps. What is in the folder",
            "already is not trained again."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        footer = {"", "Examples:", "  gradus rag reader --out reader", "  gradus rag eval --model reader"})
final class RagReaderCommand implements Callable<Integer> {
    private static final ReaderPlan USUAL = ReaderPlan.defaults();

    @Option(names = "--out", required = true, paramLabel = "<folder>", description = "where the reader is kept")
    private Path folder;

    @Option(names = "--copy-steps", paramLabel = "<n>", description = "steps on drawn tokens; default ${DEFAULT-VALUE}")
    private int copySteps = USUAL.copySteps();

    @Option(names = "--steps", paramLabel = "<n>", description = "steps on sentences; default ${DEFAULT-VALUE}")
    private int steps = USUAL.steps();

    @Option(names = "--seed", paramLabel = "<n>", description = "of weights and lessons; default ${DEFAULT-VALUE}")
    private long seed = USUAL.seed();

    private final Console console;

    RagReaderCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ReaderPlan plan;
        try {
            plan = new ReaderPlan(copySteps, steps, seed);
        } catch (ConfigException wrong) {
            throw new UsageException("--copy-steps, --steps: " + wrong.getMessage(), wrong);
        }
        if (Reader.is(folder, plan)) {
            console.out().println(folder + " holds this reader already");
            return 0;
        }
        long started = System.nanoTime();
        Reader.train(folder, Facts.ofWordNet(), plan, new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                if (report.step() % 50 == 0) {
                    console.err()
                            .println(String.format(
                                    Locale.ROOT,
                                    "step %d, loss %.3f, %.0f s",
                                    report.step(),
                                    report.loss(),
                                    (System.nanoTime() - started) * 1e-9));
                }
            }
        });
        console.out().println(folder + " holds a reader; gradus rag eval --model " + folder + " measures it");
        return 0;
    }
}
