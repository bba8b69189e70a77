package gradus.lessons.lab.cloze;

import gradus.train.run.compare.Interval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/// The table of accuracies in per cent: a row for each way, a column for each number of examples.
final class ClozeTable {
    private final StringBuilder head = new StringBuilder("| accuracy in % |");
    private final StringBuilder rule = new StringBuilder("|---|");
    private final StringBuilder rates = new StringBuilder();
    private final SequencedMap<String, StringBuilder> rows = new LinkedHashMap<>();

    /// Adds a column.
    ///
    /// @param examples of a class
    /// @param found    accuracies from 0 to 1, for each seed by the names of the ways
    void add(int examples, ClozeTrial.Rates chosen, List<SequencedMap<String, Double>> found) {
        head.append(' ').append(examples).append(" examples a class |");
        rule.append("---|");
        rates.append(String.format(
                Locale.ROOT, "%s%d: %s and %s", rates.isEmpty() ? "" : ", ", examples, chosen.cls(), chosen.cloze()));
        SequencedMap<String, List<Double>> ways = new LinkedHashMap<>();
        for (SequencedMap<String, Double> seed : found) {
            seed.forEach((way, accuracy) ->
                    ways.computeIfAbsent(way, key -> new ArrayList<>()).add(100 * accuracy));
            difference(ways, seed, ClozeTrial.CLOZE, ClozeTrial.CLS);
            difference(ways, seed, ClozeTrial.AUXILIARY, ClozeTrial.CLOZE);
        }
        ways.forEach((way, values) -> rows.computeIfAbsent(way, key -> new StringBuilder("| " + way + " |"))
                .append(' ')
                .append(shown(Interval.of(values)))
                .append(" |"));
    }

    private static void difference(
            SequencedMap<String, List<Double>> ways, SequencedMap<String, Double> seed, String one, String other) {
        if (seed.containsKey(one)) {
            ways.computeIfAbsent(one + " − " + other + ", by seed", key -> new ArrayList<>())
                    .add(100 * seed.get(one) - 100 * seed.get(other));
        }
    }

    /// What one seed found.
    static String line(SequencedMap<String, Double> found) {
        StringBuilder line = new StringBuilder();
        found.forEach((way, accuracy) ->
                line.append(String.format(Locale.ROOT, "%s%s %.1f", line.isEmpty() ? "" : ", ", way, 100 * accuracy)));
        return line.toString();
    }

    private static String shown(Interval interval) {
        return Double.isNaN(interval.half())
                ? String.format(Locale.ROOT, "%.1f", interval.mean())
                : String.format(Locale.ROOT, "%.1f ± %.1f", interval.mean(), interval.half());
    }

    /// As Markdown.
    ///
    /// @param before the accuracy of the cloze without any example
    String markdown(double before) {
        return head + "\n" + rule + "\n" + String.join("\n", rows.values()) + "\n\nThe cloze without any example: "
                + String.format(Locale.ROOT, "%.1f", 100 * before)
                + " %\n\nLearning rates of [CLS] and of the cloze, by examples a class: " + rates + "\n";
    }
}
