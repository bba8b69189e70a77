package gradus.train.rl;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// Gathers the numbers of a step over its parts, by the names under which they are told.
public final class StepMetrics {
    private final SequencedMap<String, double[]> sums = new LinkedHashMap<>(); // Σ weight·value, Σ weight
    private final SequencedMap<String, Double> extremes = new LinkedHashMap<>();

    /// Forgets everything.
    void clear() {
        sums.clear();
        extremes.clear();
    }

    /// Adds to a weighted mean.
    ///
    /// @param weight such as how many tokens the value is a mean over
    public void mean(String name, double value, double weight) {
        double[] sum = sums.computeIfAbsent(name, key -> new double[2]);
        sum[0] += value * weight;
        sum[1] += weight;
    }

    /// Keeps the lowest.
    public void min(String name, double value) {
        extremes.merge(name, value, Math::min);
    }

    /// Keeps the highest.
    public void max(String name, double value) {
        extremes.merge(name, value, Math::max);
    }

    /// All of them by name.
    SequencedMap<String, Double> all() {
        SequencedMap<String, Double> all = new LinkedHashMap<>();
        sums.forEach((name, sum) -> all.put(name, sum[1] == 0 ? 0 : sum[0] / sum[1]));
        all.putAll(extremes);
        return all;
    }
}
