package gradus.lessons.lab.option;

import gradus.error.UsageException;
import picocli.CommandLine.Option;

/// For how many steps the models of an experiment are trained.
public final class LabSteps {
    @Option(names = "--steps", paramLabel = "<n>", description = "steps of each training; default ${DEFAULT-VALUE}")
    private int steps;

    /// @param usual how many, unless somebody says another number
    public LabSteps(int usual) {
        this.steps = usual;
    }

    /// How many.
    ///
    /// @throws UsageException if it is below 2: the first says nothing of what was learned
    public int count() {
        if (steps < 2) {
            throw new UsageException("--steps must be at least 2; got " + steps);
        }
        return steps;
    }
}
