package gradus.lessons.lab.measure;

import gradus.train.run.compare.Interval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// What was measured of several ways of doing something, once for each seed, as means with their intervals.
/// ```java
/// SeedTable table = new SeedTable("method", 3, "solved", "calls");
/// table.put("chain", 0.25, 3.0); // of one seed; the next seed's numbers follow
/// ```
/// Seeds are put in the same order for every row, so that two rows can be compared seed by seed.
public final class SeedTable {
    private final String head;
    private final int places;
    private final List<String> columns;
    private final SequencedMap<String, List<double[]>> rows = new LinkedHashMap<>();

    /// @param head    of the first column, which names the rows
    /// @param places  behind the point of every number
    /// @param columns of the others
    public SeedTable(String head, int places, String... columns) {
        this.head = head;
        this.places = places;
        this.columns = List.of(columns);
    }

    /// Adds the numbers of one seed to a row, one for each column; NaN where there is none.
    public void put(String row, double... values) {
        rows.computeIfAbsent(row, key -> new ArrayList<>()).add(values.clone());
    }

    /// How many seeds there are.
    public int seeds() {
        return rows.firstEntry().getValue().size();
    }

    /// The rows in their order.
    public List<String> rows() {
        return List.copyOf(rows.keySet());
    }

    /// Of a row, the mean over seeds with its interval.
    public Interval of(String row, String column) {
        int at = columns.indexOf(column);
        List<double[]> seeds = rows.get(row);
        return Verdict.over(seeds.size(), seed -> seeds.get(seed)[at]);
    }

    /// Of a row, the number of one seed, counted from 0.
    public double at(String row, String column, int seed) {
        return rows.get(row).get(seed)[columns.indexOf(column)];
    }

    /// By how much one row exceeds another one, seed by seed.
    public Interval difference(String row, String other, String column) {
        int at = columns.indexOf(column);
        List<double[]> seeds = rows.get(row);
        List<double[]> others = rows.get(other);
        return Verdict.over(seeds.size(), seed -> seeds.get(seed)[at] - others.get(seed)[at]);
    }

    /// As a table.
    public String markdown() {
        return markdown(columns);
    }

    /// As a table of some of its columns.
    public String markdown(List<String> shown) {
        StringBuilder table = new StringBuilder("| ").append(head).append(" |");
        shown.forEach(column -> table.append(' ').append(column).append(" |"));
        table.append("\n|---|").append("---|".repeat(shown.size())).append('\n');
        rows.keySet().forEach(row -> {
            table.append("| ").append(row).append(" |");
            shown.forEach(column -> table.append(' ')
                    .append(Verdict.shown(of(row, column), places))
                    .append(" |"));
            table.append('\n');
        });
        return table.toString();
    }
}
