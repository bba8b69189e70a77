package gradus.train.run.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Repetitions of one run: the same settings, other seeds.
///
/// @param runs at least one
public record RunGroup(List<RunRecord> runs) {

    /// Puts runs together that differ in their seeds alone, in the order of the first of each.
    public static List<RunGroup> of(List<RunRecord> runs) {
        Map<Map<String, String>, List<RunRecord>> groups = new LinkedHashMap<>();
        runs.forEach(run -> groups.computeIfAbsent(run.repeated(), same -> new ArrayList<>())
                .add(run));
        return groups.values().stream().map(RunGroup::new).toList();
    }

    /// The only run's; of several, that of the folder that they share, or the first one's, and how many there
    /// are.
    public String name() {
        if (runs.size() == 1) {
            return first().name();
        }
        Path parent = Path.of(first().name()).getParent();
        boolean shared = parent != null
                && runs.stream()
                        .allMatch(run -> parent.equals(Path.of(run.name()).getParent()));
        return (shared ? parent.toString() : first().name()) + " (%s seeds)".formatted(runs.size());
    }

    RunRecord first() {
        return runs.getFirst();
    }

    /// What the runs have come to in a measure, without those that have nothing.
    public List<Double> results(Measure measure) {
        return runs.stream()
                .map(run -> run.result(measure))
                .filter(Double::isFinite)
                .toList();
    }

    /// The mean over the seeds.
    public Interval mean(Measure measure) {
        return Interval.of(results(measure));
    }

    /// How much more this one has than another. Where both have runs of the same seeds, which see the same
    /// random numbers, the differences seed by seed count, else those of the means.
    public Interval difference(RunGroup other, Measure measure) {
        Map<String, Double> own = bySeed(measure);
        Map<String, Double> others = other.bySeed(measure);
        if (own.size() > 1 && own.keySet().equals(others.keySet())) {
            return Interval.of(own.entrySet().stream()
                    .map(each -> each.getValue() - others.get(each.getKey()))
                    .toList());
        }
        return Interval.ofDifference(other.results(measure), results(measure));
    }

    private Map<String, Double> bySeed(Measure measure) {
        return runs.stream()
                .filter(run -> run.seed().isPresent() && Double.isFinite(run.result(measure)))
                .collect(Collectors.toMap(run -> run.seed().get(), run -> run.result(measure), (a, b) -> b));
    }

    /// What is not as it is with finished runs.
    Optional<String> unfinished() {
        List<String> all = runs.stream()
                .flatMap(run -> run.unfinished().stream())
                .distinct()
                .toList();
        return all.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", all));
    }
}
