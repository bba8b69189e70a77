package gradus.train.cli.sweep;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/// One training of a sweep.
///
/// @param name     of its settings; repetitions with other seeds have the same
/// @param settings options of `gradus train` with their values
/// @param seed     null for that of the base
public record Cell(String name, SequencedMap<String, String> settings, Long seed) {

    /// The folder of its run, below that of all cells.
    public Path folder() {
        return seed == null ? Path.of(name) : Path.of(name, "seed-" + seed);
    }

    /// As a person reads it.
    public String title() {
        return seed == null ? name : name + ", seed " + seed;
    }

    /// What `gradus train` is told.
    ///
    /// @param base the file with the settings of all cells
    public List<String> arguments(Path base) {
        List<String> arguments = new ArrayList<>(List.of("--config", base.toString()));
        settings.forEach((setting, value) -> arguments.add("--" + setting + "=" + value));
        if (seed != null) {
            arguments.add("--seed=" + seed);
        }
        return arguments;
    }
}
