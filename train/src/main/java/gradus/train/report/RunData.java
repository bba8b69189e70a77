package gradus.train.report;

import gradus.train.checkpoint.CheckpointJson;
import gradus.train.run.compare.MetricsFile.Row;
import gradus.train.run.compare.RunRecord;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A run as the page has it: a list for each number of its log.
final class RunData {
    /// Of a longer run each so-manieth step is shown, and the last: a page's width has fewer points.
    static final int MOST_STEPS = 5000;

    private static final String TOKENS = "tokens";
    private static final double MILLISECONDS = 1000;

    private RunData() {}

    static ObjectNode of(RunRecord run) {
        ObjectNode json = CheckpointJson.object().put("name", run.name()).put("writing", run.writing());
        run.unfinished().ifPresent(state -> json.put("state", state));
        ArrayNode notes = json.putArray("notes");
        run.metrics().faults().forEach(notes::add);
        ObjectNode settings = json.putObject("settings");
        run.settings().forEach(settings::put);
        OptionalLong begin = run.metrics().steps().stream()
                .flatMapToLong(row -> row.time().stream())
                .findFirst();
        json.set("steps", rows(thinned(run.metrics().steps()), begin));
        json.set("evaluations", rows(run.metrics().evaluations(), begin));
        return json;
    }

    static List<Row> thinned(List<Row> rows) {
        int n = rows.size();
        if (n <= MOST_STEPS) {
            return rows;
        }
        return IntStream.range(0, MOST_STEPS)
                .mapToObj(i -> rows.get((int) ((long) i * (n - 1) / (MOST_STEPS - 1))))
                .toList();
    }

    private static ObjectNode rows(List<Row> rows, OptionalLong begin) {
        ObjectNode json = CheckpointJson.object();
        ArrayNode steps = json.putArray("step");
        rows.forEach(row -> steps.add(row.step()));
        Set<String> names = new LinkedHashSet<>();
        rows.forEach(row -> names.addAll(row.numbers().sequencedKeySet()));
        for (String name : names) {
            ArrayNode values = json.putArray(name);
            rows.forEach(row -> add(values, row.number(name), name.equals(TOKENS)));
        }
        if (begin.isPresent()) {
            ArrayNode seconds = json.putArray("seconds");
            rows.forEach(row -> add(
                    seconds,
                    row.time().isPresent() ? (row.time().getAsLong() - begin.getAsLong()) / MILLISECONDS : Double.NaN,
                    false));
        }
        return json;
    }

    /// As the log has it, so that the page's figures are the log's.
    private static void add(ArrayNode values, double value, boolean whole) {
        if (!Double.isFinite(value)) {
            values.addNull();
        } else if (whole) {
            values.add((long) value);
        } else {
            values.add(value);
        }
    }
}
