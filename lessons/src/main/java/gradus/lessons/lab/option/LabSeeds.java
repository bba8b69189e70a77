package gradus.lessons.lab.option;

import gradus.error.UsageException;
import picocli.CommandLine.Option;

/// With how many seeds an experiment is repeated.
public final class LabSeeds {
    @Option(names = "--seeds", paramLabel = "<n>", description = "how many seeds; default ${DEFAULT-VALUE}")
    private int seeds;

    /// @param usual how many, unless somebody says another number
    public LabSeeds(int usual) {
        this.seeds = usual;
    }

    /// How many.
    ///
    /// @throws UsageException if it is below 1
    public int count() {
        if (seeds < 1) {
            throw new UsageException("--seeds must be at least 1; got " + seeds);
        }
        return seeds;
    }
}
