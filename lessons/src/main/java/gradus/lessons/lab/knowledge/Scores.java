package gradus.lessons.lab.knowledge;

import gradus.error.ConfigException;
import gradus.lessons.lab.measure.Verdict;
import gradus.train.run.compare.Interval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/// What was measured with one seed after the other: numbers, each under what was done and what was asked.
public final class Scores {
    private final SequencedMap<String, List<Double>> values = new LinkedHashMap<>();

    /// Adds the next seed's number.
    public void add(String way, String measure, double value) {
        values.computeIfAbsent(key(way, measure), key -> new ArrayList<>()).add(value);
    }

    private static String key(String way, String measure) {
        return way + "," + measure;
    }

    /// The numbers of all seeds.
    ///
    /// @throws ConfigException if there is none
    public List<Double> of(String way, String measure) {
        List<Double> found = values.get(key(way, measure));
        if (found == null) {
            throw ConfigException.of("nothing was measured of %s: %s", way, measure);
        }
        return found;
    }

    /// Their mean over the seeds.
    public Interval interval(String way, String measure) {
        return Interval.of(of(way, measure));
    }

    /// How much more one is than the other, seed by seed.
    ///
    /// @throws ConfigException if they have not the same seeds
    public Interval difference(String way, String measure, String otherWay, String otherMeasure) {
        List<Double> one = of(way, measure);
        List<Double> other = of(otherWay, otherMeasure);
        if (one.size() != other.size()) {
            throw ConfigException.of(
                    "%s and %s were measured with %s and %s seeds", way, otherWay, one.size(), other.size());
        }
        return Verdict.over(one.size(), seed -> one.get(seed) - other.get(seed));
    }

    /// The same measure of two ways.
    public Interval difference(String measure, String way, String other) {
        return difference(way, measure, other, measure);
    }

    /// All numbers, one a line.
    public String csv() {
        StringBuilder csv = new StringBuilder("way,measure,seed,value\n");
        values.forEach((key, seeds) -> {
            for (int seed = 0; seed < seeds.size(); seed++) {
                csv.append(String.format(Locale.ROOT, "%s,%d,%.6g%n", key, seed + 1, seeds.get(seed)));
            }
        });
        return csv.toString();
    }
}
