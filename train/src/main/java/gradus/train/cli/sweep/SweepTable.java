package gradus.train.cli.sweep;

import gradus.train.run.compare.Interval;
import gradus.train.run.compare.Measure;
import gradus.train.run.compare.RunRecord;
import gradus.train.run.compare.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What came of a sweep, a line for each combination of settings, with the mean over its seeds. There are no
/// times in it: it is the same whenever and however often the sweep was interrupted.
///
/// @param settings the names of those that differ
/// @param results  of each cell; empty if it did not come to any
record SweepTable(List<String> settings, Map<Cell, Optional<RunRecord>> results) {
    private static final List<Measure> MEASURES =
            List.of(Measure.VALIDATION_LOSS, Measure.BITS_PER_BYTE, Measure.LOWEST, Measure.TRAINING_LOSS);

    /// In Markdown, sorted as the file has it.
    String markdown() {
        List<Measure> shown = MEASURES.stream()
                .filter(measure -> records().stream().anyMatch(run -> Double.isFinite(run.result(measure))))
                .toList();
        List<String> heading = new ArrayList<>(settings);
        shown.forEach(measure -> heading.add(measure.name()));
        heading.add("runs");
        TextTable table = new TextTable(heading);
        byName().forEach((name, cells) -> {
            List<String> row = new ArrayList<>(values(cells.getFirst()));
            List<RunRecord> done =
                    cells.stream().flatMap(cell -> results.get(cell).stream()).toList();
            for (Measure measure : shown) {
                Interval mean = Interval.of(done.stream()
                        .map(run -> run.result(measure))
                        .filter(Double::isFinite)
                        .toList());
                row.add(measure.shown(mean));
            }
            row.add(done.size() == cells.size() ? "" + done.size() : done.size() + " of " + cells.size());
            table.add(row);
        });
        return table.toString();
    }

    /// A line for each run, for other programs.
    String csv() {
        List<String> heading = new ArrayList<>(settings);
        heading.add("seed");
        MEASURES.forEach(measure -> heading.add(measure.name()));
        StringBuilder csv = new StringBuilder(row(heading));
        results.forEach((cell, run) -> {
            List<String> row = new ArrayList<>(values(cell));
            row.add(cell.seed() == null ? "" : cell.seed().toString());
            for (Measure measure : MEASURES) {
                double value = run.map(each -> each.result(measure)).orElse(Double.NaN);
                row.add(Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%s", value));
            }
            csv.append(row(row));
        });
        return csv.toString();
    }

    private static String row(List<String> cells) {
        List<String> quoted = cells.stream()
                .map(each -> each.matches("(?s).*[\",\\r\\n].*") ? '"' + each.replace("\"", "\"\"") + '"' : each)
                .toList();
        return String.join(",", quoted) + "\n";
    }

    private List<String> values(Cell cell) {
        return settings.stream()
                .map(setting -> cell.settings().getOrDefault(setting, ""))
                .toList();
    }

    private Map<String, List<Cell>> byName() {
        Map<String, List<Cell>> names = new LinkedHashMap<>();
        results.keySet()
                .forEach(cell -> names.computeIfAbsent(cell.name(), name -> new ArrayList<>())
                        .add(cell));
        return names;
    }

    private List<RunRecord> records() {
        return results.values().stream().flatMap(Optional::stream).toList();
    }
}
