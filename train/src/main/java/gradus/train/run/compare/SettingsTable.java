package gradus.train.run.compare;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The settings in which runs differ.
///
/// @param rows one for each such setting, in the order of the first run's
public record SettingsTable(List<Row> rows) {
    /// What a run without the setting has in its place.
    public static final String NONE = "–";

    /// One setting.
    ///
    /// @param values of each group, in their order
    public record Row(String name, List<String> values) {}

    /// Compares groups of repetitions; their seeds are left out.
    public static SettingsTable of(List<RunGroup> groups) {
        Set<String> names = new LinkedHashSet<>();
        groups.forEach(group -> names.addAll(group.first().settings().sequencedKeySet()));
        names.remove(RunRecord.SEED);
        List<Row> rows = new ArrayList<>();
        for (String name : names) {
            List<String> values = groups.stream()
                    .map(group -> group.first().settings().getOrDefault(name, NONE))
                    .toList();
            if (Set.copyOf(values).size() > 1) {
                rows.add(new Row(name, values));
            }
        }
        return new SettingsTable(rows);
    }
}
