package gradus.lessons.lab.cloze;

import gradus.lessons.lab.measure.Verdict;
import gradus.train.run.compare.Interval;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.IntFunction;

/// The table of accuracies in per cent: a row for each way, a column for each number of examples.
final class ClozeTable {
    /// By how much the one is better than the other, seed by seed.
    private record Pair(String one, String other) {
        private String name() {
            return one + " − " + other + ", by seed";
        }
    }

    private static final List<Pair> PAIRS =
            List.of(new Pair(ClozeTrial.CLOZE, ClozeTrial.CLS), new Pair(ClozeTrial.AUXILIARY, ClozeTrial.CLOZE));

    private final SequencedMap<Integer, ClozeTrial.Rates> rates = new LinkedHashMap<>();
    private final SequencedMap<Integer, List<SequencedMap<String, Double>>> columns = new LinkedHashMap<>();

    /// Adds a column.
    ///
    /// @param examples of a class
    /// @param found    accuracies from 0 to 1, for each seed by the names of the ways
    void add(int examples, ClozeTrial.Rates chosen, List<SequencedMap<String, Double>> found) {
        rates.put(examples, chosen);
        columns.put(examples, List.copyOf(found));
    }

    /// The numbers of examples, in the order of the columns.
    List<Integer> examples() {
        return List.copyOf(columns.keySet());
    }

    /// How many seeds there are.
    int seeds() {
        return columns.firstEntry().getValue().size();
    }

    /// Whether a way was measured with so many examples.
    boolean has(int examples, String way) {
        return columns.get(examples).getFirst().containsKey(way);
    }

    /// By how many points one way is better than another with one seed, counted from 0.
    double lead(int examples, String one, String other, int seed) {
        SequencedMap<String, Double> found = columns.get(examples).get(seed);
        return 100 * found.get(one) - 100 * found.get(other);
    }

    /// The same over all seeds.
    Interval lead(int examples, String one, String other) {
        return Verdict.over(seeds(), seed -> lead(examples, one, other, seed));
    }

    /// What one seed found.
    static String line(SequencedMap<String, Double> found) {
        StringBuilder line = new StringBuilder();
        found.forEach((way, accuracy) ->
                line.append(String.format(Locale.ROOT, "%s%s %.1f", line.isEmpty() ? "" : ", ", way, 100 * accuracy)));
        return line.toString();
    }

    /// As Markdown.
    ///
    /// @param before the accuracy of the cloze without any example
    String markdown(double before) {
        StringBuilder text = new StringBuilder("| accuracy in % |");
        examples().forEach(count -> text.append(' ').append(count).append(" examples a class |"));
        text.append("\n|---|").append("---|".repeat(columns.size())).append('\n');
        for (String way : ways()) {
            row(
                    text,
                    way,
                    count -> Verdict.over(
                            seeds(), seed -> 100 * columns.get(count).get(seed).getOrDefault(way, Double.NaN)));
        }
        for (Pair pair : PAIRS) {
            if (ways().contains(pair.one)) {
                row(text, pair.name(), count -> lead(count, pair.one, pair.other));
            }
        }
        text.append("\nThe cloze without any example: ")
                .append(String.format(Locale.ROOT, "%.1f", 100 * before))
                .append(" %\n\nLearning rates of [CLS] and of the cloze, by examples a class: ");
        rates.forEach((count, chosen) -> text.append(String.format(
                Locale.ROOT,
                "%s%d: %s and %s",
                count.equals(rates.firstEntry().getKey()) ? "" : ", ",
                count,
                chosen.cls(),
                chosen.cloze())));
        return text.append('\n').toString();
    }

    private SequencedSet<String> ways() {
        SequencedSet<String> ways = new LinkedHashSet<>();
        columns.values().forEach(found -> ways.addAll(found.getFirst().keySet()));
        return ways;
    }

    private void row(StringBuilder text, String name, IntFunction<Interval> cell) {
        text.append("| ").append(name).append(" |");
        examples().forEach(count -> {
            String shown = Verdict.shown(cell.apply(count), 1);
            text.append(shown.isEmpty() ? "" : " ").append(shown).append(" |");
        });
        text.append('\n');
    }
}
