package gradus.lessons.lab.scaling;

import gradus.lessons.lab.fit.LossFit;
import gradus.lessons.lab.fit.LossLaw;
import gradus.lessons.lab.fit.Measured;
import gradus.lessons.lab.fit.Parabola;
import gradus.lessons.lab.fit.PowerLaw;
import gradus.lessons.lab.fit.Range;
import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Section;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// Which size is best for some compute: the three approaches of Hoffmann et al. 2022.
///
/// @param budgets runs of equal operations, from the smallest
/// @param all     these and those of equal tokens
/// @param fit     of all
record ComputePart(List<List<Measured>> budgets, List<Measured> all, LossFit fit) {
    private static final double EVEN = 0.5;
    private static final double KAPLAN = 0.73;
    /// Before anything is measured.
    static final String PREDICTION = """
            The best size grows as `N ∝ C^a`. Hoffmann et al. 2022 (Chinchilla) found a = 0.50, 0.49 and 0.46 by three \
            ways, so size and tokens should grow alike; Kaplan et al. 2020 found 0.73, with one schedule for all runs and \
            without the operations of the head. Here every run has a schedule of its own, so a should be near 0.5, and \
            the three ways should agree. Small models on characters may want more than Chinchilla's 20 tokens a weight.""";

    /// What is best for some compute.
    record Best(double operations, double parameters, double loss) {}

    /// The vertices that lie among the sizes of their budgets; where these are fewer than three, the runs that none
    /// beats.
    static List<Best> best(List<List<Measured>> budgets) {
        List<Best> vertices = vertices(budgets);
        return vertices.size() > 2
                ? vertices
                : lowest(budgets.stream().flatMap(List::stream).toList());
    }

    private static List<Best> vertices(List<List<Measured>> budgets) {
        List<Best> vertices = new ArrayList<>();
        for (List<Measured> budget : budgets) {
            Parabola parabola = parabola(budget);
            if (parabola.inside()) {
                vertices.add(new Best(budget.getFirst().operations(), parabola.vertex(), parabola.lowest()));
            }
        }
        return vertices;
    }

    private static List<Best> lowest(List<Measured> runs) {
        return frontier(runs).stream()
                .map(run -> new Best(run.operations(), run.parameters(), run.loss()))
                .toList();
    }

    /// The runs that no run of as few operations, or fewer, beats.
    static List<Measured> frontier(List<Measured> runs) {
        List<Measured> frontier = new ArrayList<>();
        runs.stream()
                .sorted(Comparator.comparingDouble(Measured::operations).thenComparingDouble(Measured::loss))
                .forEach(run -> {
                    if (frontier.isEmpty() || run.loss() < frontier.getLast().loss()) {
                        frontier.add(run);
                    }
                });
        return frontier;
    }

    /// Through the losses of a budget.
    static Parabola parabola(List<Measured> budget) {
        return Parabola.of(
                budget.stream().mapToDouble(Measured::parameters).toArray(),
                budget.stream().mapToDouble(Measured::loss).toArray());
    }

    private static Optional<PowerLaw> growth(List<Best> points) {
        return points.size() < 2
                ? Optional.empty()
                : Optional.of(PowerLaw.of(
                        points.stream().mapToDouble(Best::operations).toArray(),
                        points.stream().mapToDouble(Best::parameters).toArray()));
    }

    Section section(Path folder) {
        plot(folder);
        List<Best> lowest = lowest(all);
        List<Best> vertices = vertices(budgets);
        Optional<PowerLaw> first = growth(lowest);
        Optional<PowerLaw> second = growth(vertices);
        Range third = fit.range(LossLaw::growth);
        double top = budgets.getLast().getFirst().operations();
        String ways = String.format(
                Locale.ROOT,
                """
                | way | points | a of N ∝ C^a, 95 %% interval | best N at %.1e operations | tokens a weight there |
                |---|---|---|---|---|
                %s%s| 3: L = E + A/N^α + B/D^β | %d | %s | %s | %s |""",
                top,
                row("1: lowest loss of all runs", lowest.size(), first, top),
                row("2: vertices of parabolas", vertices.size(), second, top),
                all.size(),
                third.shown(2),
                whole(fit.range(law -> law.bestParameters(top))),
                whole(fit.range(law -> law.bestTokens(top) / law.bestParameters(top))));
        Section section = new Section("The best size for some compute (Chinchilla)", PREDICTION)
                .add(losses())
                .add(laws())
                .add(ways);
        if (first.isEmpty() || second.isEmpty()) {
            return section.add("Fewer than two budgets have a best size among those trained, so nothing is decided.");
        }
        Range one = first.get().exponent();
        Range two = second.get().exponent();
        String shown = "%s, %s and %s".formatted(one.shown(2), two.shown(2), third.shown(2));
        return section.claim(
                        "The three ways agree: the interval of each meets those of the others",
                        shown,
                        one.meets(two) && two.meets(third) && third.meets(one))
                .claim(
                        "Size and tokens grow alike: the interval of the vertices holds 0.5",
                        two.shown(2),
                        two.holds(EVEN))
                .claim("Kaplan's 0.73 lies outside of it", two.shown(2), !two.holds(KAPLAN));
    }

    private static String row(String way, int points, Optional<PowerLaw> law, double operations) {
        return law.map(found -> {
                    double best = found.at(operations);
                    return String.format(
                            Locale.ROOT,
                            "| %s | %d | %s | %,.0f | %.0f |\n",
                            way,
                            points,
                            found.exponent().shown(2),
                            best,
                            operations / 6 / best / best);
                })
                .orElse("| %s | %s | | | |\n".formatted(way, points));
    }

    private static String whole(Range range) {
        return String.format(Locale.ROOT, "%,.0f (%,.0f to %,.0f)", range.value(), range.low(), range.high());
    }

    private String losses() {
        StringBuilder table = new StringBuilder(
                "| operations | N: loss, tokens a weight | N of the vertex | tokens a weight | loss there |\n");
        table.append("|---|---|---|---|---|\n");
        for (List<Measured> budget : budgets) {
            double operations = budget.getFirst().operations();
            table.append(String.format(Locale.ROOT, "| %.1e |", operations));
            for (Measured run : budget) {
                table.append(String.format(
                        Locale.ROOT,
                        " %,.0f: %.3f, %.0f;",
                        run.parameters(),
                        run.loss(),
                        run.tokens() / run.parameters()));
            }
            table.setLength(table.length() - 1);
            Parabola parabola = parabola(budget);
            table.append(
                    parabola.inside()
                            ? String.format(
                                    Locale.ROOT,
                                    " | %,.0f | %.0f | %.3f |\n",
                                    parabola.vertex(),
                                    operations / 6 / parabola.vertex() / parabola.vertex(),
                                    parabola.lowest())
                            : " | not among these | | |\n");
        }
        return table.toString();
    }

    private String laws() {
        StringBuilder table = new StringBuilder("| | E | A | α | B | β |\n|---|---|---|---|---|---|\n");
        List<ToDoubleFunction<LossLaw>> numbers =
                List.of(LossLaw::floor, LossLaw::a, LossLaw::alpha, LossLaw::b, LossLaw::beta);
        table.append("| here |");
        numbers.forEach(
                number -> table.append(' ').append(fit.range(number).shown(2)).append(" |"));
        return table.append("\n| Chinchilla | 1.69 | 406.40 | 0.34 | 410.70 | 0.28 |\n\n")
                .append("The intervals are of %s samples of the %s runs, drawn with repetition."
                        .formatted(fit.resampled().size(), all.size()))
                .toString();
    }

    private void plot(Path folder) {
        LabPlot plot = new LabPlot(
                        new Labels("Loss at equal compute", "N, weights without tables", "loss, nats a token"))
                .logarithmicX();
        for (List<Measured> budget : budgets) {
            plot.line(
                    String.format(Locale.ROOT, "%.1e", budget.getFirst().operations()),
                    budget.stream().mapToDouble(Measured::parameters).toArray(),
                    budget.stream().mapToDouble(Measured::loss).toArray());
        }
        List<Parabola> inside = budgets.stream()
                .map(ComputePart::parabola)
                .filter(Parabola::inside)
                .toList();
        if (!inside.isEmpty()) {
            plot.points(
                    "vertices",
                    inside.stream().mapToDouble(Parabola::vertex).toArray(),
                    inside.stream().mapToDouble(Parabola::lowest).toArray());
        }
        plot.write(folder.resolve("isoflop.png"));
    }
}
