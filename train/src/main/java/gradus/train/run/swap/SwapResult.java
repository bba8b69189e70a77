package gradus.train.run.swap;

import gradus.train.run.Line;
import gradus.train.run.compare.Interval;
import gradus.train.run.compare.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// What came of every pair of parts.
public final class SwapResult {
    private final String rowKind;
    private final String columnKind;
    private final List<String> rows;
    private final List<String> columns;
    private final Map<Pair, List<Cell>> cells = new LinkedHashMap<>();
    private final Map<Pair, String> refused = new LinkedHashMap<>();

    /// One training.
    ///
    /// @param loss       validation loss in nats a token
    /// @param millis     of a step, the median
    /// @param megabytes  that tensors held at most, parameters and the optimiser's numbers among them
    /// @param parameters of the model
    public record Cell(double loss, double millis, double megabytes, long parameters) {}

    private record Pair(String row, String column) {}

    /// A number of a training.
    ///
    /// @param title  with its unit
    /// @param format of a value
    public record Measure(String title, String format, ToDoubleFunction<Cell> of) {
        /// In the order of tables.
        public static final List<Measure> ALL = List.of(
                new Measure("validation loss, nats per token", "%.3f", Cell::loss),
                new Measure("ms a step", "%.1f", Cell::millis),
                new Measure("memory of tensors, MB", "%.1f", Cell::megabytes));
    }

    SwapResult(String rowKind, String columnKind, List<String> rows, List<String> columns) {
        this.rowKind = rowKind;
        this.columnKind = columnKind;
        this.rows = rows;
        this.columns = columns;
    }

    void add(String row, String column, Cell cell) {
        cells.computeIfAbsent(new Pair(row, column), pair -> new ArrayList<>()).add(cell);
    }

    void refuse(String row, String column, String why) {
        refused.put(new Pair(row, column), why);
    }

    public List<String> rows() {
        return rows;
    }

    public List<String> columns() {
        return columns;
    }

    /// What the rows are, as `attention`.
    public String rowKind() {
        return rowKind;
    }

    /// What the columns are.
    public String columnKind() {
        return columnKind;
    }

    /// The mean over seeds with its interval; NaN where a pair cannot be.
    public Interval of(String row, String column, Measure measure) {
        return Interval.of(cells.getOrDefault(new Pair(row, column), List.of()).stream()
                .map(measure.of::applyAsDouble)
                .toList());
    }

    /// A table of each measure, and why a pair cannot be.
    public String markdown() {
        StringBuilder text = new StringBuilder();
        for (Measure measure : Measure.ALL) {
            List<String> heading = new ArrayList<>(List.of(rowKind + " \\ " + columnKind));
            heading.addAll(columns);
            TextTable table = new TextTable(heading);
            for (String row : rows) {
                List<String> line = new ArrayList<>(List.of(row));
                columns.forEach(column -> line.add(shown(of(row, column, measure), measure)));
                table.add(line);
            }
            text.append(measure.title).append("\n\n").append(table).append('\n');
        }
        refused.forEach((pair, why) -> text.append(pair.row)
                .append(" with ")
                .append(pair.column)
                .append(": ")
                .append(why)
                .append('\n'));
        return text.toString();
    }

    private static String shown(Interval interval, Measure measure) {
        if (Double.isNaN(interval.mean())) {
            return "";
        }
        String mean = Line.format(measure.format, interval.mean());
        return Double.isNaN(interval.half()) ? mean : mean + Line.format(" ± " + measure.format, interval.half());
    }

    /// A line for each training, for other programs.
    public String csv() {
        StringBuilder csv = new StringBuilder(rowKind + "," + columnKind + ",loss,millis,megabytes,parameters\n");
        cells.forEach((pair, each) -> each.forEach(cell -> csv.append(Line.format(
                "%s,%s,%s,%s,%s,%d\n",
                pair.row, pair.column, cell.loss, cell.millis, cell.megabytes, cell.parameters))));
        return csv.toString();
    }
}
