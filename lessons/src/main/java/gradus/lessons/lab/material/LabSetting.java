package gradus.lessons.lab.material;

import static gradus.error.ConfigException.require;

import gradus.lessons.lab.option.LabFolder;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/// What a part is given.
///
/// @param folder   for its pictures
/// @param material the trained models
/// @param first    the first seed
/// @param count    how many seeds
/// @param say      hears how it goes
public record LabSetting(LabFolder folder, Material material, long first, int count, Consumer<String> say) {
    /// @throws gradus.error.ConfigException if there is no seed
    public LabSetting {
        require(count >= 1, "an experiment needs at least one seed; got %d", count);
    }

    /// The seeds, one after the other.
    public long[] seeds() {
        return LongStream.range(first, first + count).toArray();
    }
}
