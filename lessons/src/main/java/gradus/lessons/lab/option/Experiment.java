package gradus.lessons.lab.option;

import gradus.error.ConfigException;
import gradus.error.UsageException;
import gradus.train.cli.terminal.Console;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;

/// An experiment of `gradus lab`: it tells how it goes, keeps what it finds in a folder, and prints its tables.
public abstract class Experiment implements Callable<Integer> {
    @Mixin
    private LabOutput output;

    /// @param console where it tells and prints
    protected Experiment(Console console) {
        this.output = new LabOutput(console);
    }

    /// Checks the options, measures, and gives the tables.
    ///
    /// @throws gradus.error.GradusException if options do not fit, or nothing can be measured
    /// @throws InterruptedException if it was stopped
    protected abstract String tables() throws InterruptedException;

    @Override
    public final Integer call() throws InterruptedException {
        output.finish(tables());
        return 0;
    }

    /// Where it leaves what it finds.
    protected final LabOutput output() {
        return output;
    }

    /// Settings made of options.
    ///
    /// @throws UsageException if they are out of range
    protected static <T> T of(Supplier<T> settings) {
        try {
            return settings.get();
        } catch (ConfigException wrong) {
            throw new UsageException(wrong.getMessage(), wrong);
        }
    }
}
