package gradus.lessons.retrieve.search;

import static gradus.error.ConfigException.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How much each ranking of a fusion counts, and the steps that fusions share.
final class Weights {
    private final double[] values; // none: each counts 1

    Weights(double... values) {
        require(
                Arrays.stream(values).allMatch(w -> w >= 0 && w < Double.POSITIVE_INFINITY),
                "the weights of rankings must be finite and not negative; got %s",
                Arrays.toString(values));
        this.values = values.clone();
    }

    double at(int ranking) {
        return values.length == 0 ? 1 : values[ranking];
    }

    /// The rankings without repetitions.
    List<List<Hit>> distinct(List<List<Hit>> rankings) {
        require(
                values.length == 0 || values.length == rankings.size(),
                "%d weights were given for %d rankings",
                values.length,
                rankings.size());
        List<List<Hit>> distinct = new ArrayList<>();
        for (List<Hit> ranking : rankings) {
            Set<String> seen = new HashSet<>();
            distinct.add(ranking.stream().filter(hit -> seen.add(hit.id())).toList());
        }
        return distinct;
    }

    static List<Hit> bestFirst(Map<String, Double> scores) {
        return scores.entrySet().stream()
                .map(entry -> new Hit(entry.getKey(), entry.getValue()))
                .sorted(Hit.BEST_FIRST)
                .toList();
    }
}
