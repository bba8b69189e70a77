package gradus.train.run.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/// Runs side by side: where their settings differ and what came of them. Runs that differ in their seeds alone
/// are taken together, as one with an interval.
public final class Comparison {
    private final List<RunRecord> runs;
    private final List<RunGroup> groups;
    private final List<Measure> more;

    /// @param runs at least one
    /// @param more measures that are shown besides the usual ones
    public Comparison(List<RunRecord> runs, List<Measure> more) {
        this.runs = List.copyOf(runs);
        this.groups = RunGroup.of(runs);
        this.more = List.copyOf(more);
    }

    public List<RunGroup> groups() {
        return groups;
    }

    /// Whether a token is the same in all of them.
    public boolean sameVocabulary() {
        return runs.stream()
                        .map(RunRecord::vocabulary)
                        .filter(Optional::isPresent)
                        .distinct()
                        .count()
                <= 1;
    }

    /// The measure by which the runs can be told apart: a loss of tokens, unless the tokens differ.
    public Measure decisive() {
        boolean evaluated = runs.stream().allMatch(run -> run.evaluation().isPresent());
        if (!evaluated) {
            return Measure.TRAINING_LOSS;
        }
        return sameVocabulary() ? Measure.VALIDATION_LOSS : Measure.BITS_PER_BYTE;
    }

    /// What the reader must know before the numbers, each in one sentence.
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        for (RunRecord run : runs) {
            run.unfinished().ifPresent(state -> notes.add(run.name() + ": " + state));
            notes.addAll(run.metrics().faults());
        }
        if (!sameVocabulary()) {
            notes.add("the runs have different tokens, of which losses cannot be compared; compare bits per byte");
        }
        return notes;
    }

    /// The settings in which the groups differ, a line for each; empty if there are none.
    public Optional<String> settings() {
        SettingsTable table = SettingsTable.of(groups);
        if (table.rows().isEmpty()) {
            return Optional.empty();
        }
        List<String> heading = new ArrayList<>(List.of("setting"));
        IntStream.rangeClosed(1, groups.size()).forEach(i -> heading.add("[" + i + "]"));
        TextTable text = new TextTable(heading);
        for (SettingsTable.Row row : table.rows()) {
            List<String> cells = new ArrayList<>(List.of(row.name()));
            cells.addAll(row.values());
            text.add(cells);
        }
        return Optional.of(text.toString());
    }

    /// What came of the groups, a line for each, and how much the decisive number differs from the first one's.
    public String results() {
        List<Measure> shown = measures();
        List<String> heading = new ArrayList<>(List.of("run"));
        shown.forEach(measure -> heading.add(measure.name()));
        boolean several = groups.size() > 1;
        if (several) {
            heading.add(decisive().name() + " − that of [1]");
        }
        TextTable text = new TextTable(heading);
        for (int i = 0; i < groups.size(); i++) {
            RunGroup group = groups.get(i);
            List<String> cells = new ArrayList<>(List.of("[" + (i + 1) + "] " + group.name()));
            shown.forEach(measure -> cells.add(measure.shown(group.mean(measure))));
            if (several) {
                cells.add(i == 0 ? "" : decisive().shown(group.difference(groups.getFirst(), decisive())));
            }
            text.add(cells);
        }
        return text.toString();
    }

    /// The usual ones, of which any run has something, and the ones asked for.
    private List<Measure> measures() {
        List<Measure> usual = List.of(
                Measure.VALIDATION_LOSS,
                Measure.BITS_PER_BYTE,
                Measure.LOWEST,
                Measure.TRAINING_LOSS,
                Measure.STEPS,
                Measure.TOKENS,
                Measure.SPEED);
        List<Measure> all = new ArrayList<>(usual.stream()
                .filter(measure -> runs.stream().anyMatch(run -> !Double.isNaN(run.result(measure))))
                .toList());
        all.addAll(more.stream().filter(Objects::nonNull).toList());
        return all;
    }
}
