package gradus.train.cli.sweep;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/// Names for combinations of settings that are short, different, and good for folders on any system:
/// `norm=rmsnorm,lr=0.003`.
final class CellNames {
    private static final int LONGEST = 120;

    private CellNames() {}

    /// The combinations by their names, in their order.
    static SequencedMap<String, SequencedMap<String, String>> named(List<SequencedMap<String, String>> combinations) {
        Set<String> settings =
                combinations.stream().flatMap(each -> each.keySet().stream()).collect(Collectors.toSet());
        Map<String, Integer> ends = new HashMap<>();
        settings.forEach(setting -> ends.merge(end(setting), 1, Integer::sum));
        SequencedMap<String, SequencedMap<String, String>> named = new LinkedHashMap<>();
        Set<String> folders = new HashSet<>();
        for (int i = 0; i < combinations.size(); i++) {
            SequencedMap<String, String> combination = combinations.get(i);
            String name = combination.entrySet().stream()
                    .map(each -> (ends.get(end(each.getKey())) > 1 ? each.getKey() : end(each.getKey())) + "="
                            + each.getValue().replaceAll("[^A-Za-z0-9._+-]+", "-"))
                    .collect(Collectors.joining(","));
            name = name.isEmpty() ? "base" : name;
            if (name.length() > LONGEST || !folders.add(name.toLowerCase(Locale.ROOT))) {
                name = "cell-" + (i + 1); // folders of other systems know no capitals
                folders.add(name);
            }
            named.put(name, combination);
        }
        return named;
    }

    /// The part of a setting's name behind its last dot.
    private static String end(String setting) {
        return setting.substring(setting.lastIndexOf('.') + 1);
    }
}
