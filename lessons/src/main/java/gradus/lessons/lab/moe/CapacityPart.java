package gradus.lessons.lab.moe;

import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Curve;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import gradus.train.run.compare.Interval;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import tools.jackson.databind.JsonNode;

/// What room experts need: tokens that find theirs full are dropped.
///
/// @param runs    trains
/// @param factors of the capacity, ascending, the last one without bound
record CapacityPart(MoeRuns runs, List<Double> factors) {
    private static final String LOSS = "loss";
    private static final String DROPPED = "dropped, %";

    /// A table without numbers.
    static SeedTable empty() {
        return new SeedTable("capacity factor", 3, LOSS, DROPPED);
    }

    Section section(Path folder) {
        SeedTable table = empty();
        for (long seed : runs.seeds()) {
            for (double factor : factors) {
                Mixing mixing = Mixing.bounded(factor);
                JsonNode run = runs.measured("one", mixing, seed);
                table.put(
                        mixing.name(),
                        run.path("loss").asDouble(),
                        100 * run.path("dropped").asDouble());
            }
        }
        plot(folder.resolve("capacity.png"), table);
        return claims(
                new Section("Capacity", prediction())
                        .add(table.markdown())
                        .add("Dropped is the share of the held-out text's tokens, the mean of both layers."),
                table);
    }

    /// @param table of the smallest factor first, and without bound last
    static Section claims(Section section, SeedTable table) {
        String least = table.rows().getFirst();
        String unbounded = table.rows().getLast();
        String usual = Mixing.bounded(1.25).name();
        Interval near = table.difference(usual, unbounded, LOSS);
        return section.claim(
                        "The factor " + least + " drops more tokens than " + usual + ", in % by",
                        table.difference(least, usual, DROPPED),
                        0)
                .claim("Its loss exceeds that without a bound, by", table.difference(least, unbounded, LOSS), 0)
                .claim(
                        "At " + usual + " the loss is that without a bound, within " + BalancePart.NEAR,
                        near,
                        Math.abs(near.mean()) + near.half() < BalancePart.NEAR)
                .claim(
                        "Control: without a bound nothing is dropped",
                        String.valueOf(table.of(unbounded, DROPPED).mean()),
                        table.of(unbounded, DROPPED).mean() == 0);
    }

    private void plot(Path file, SeedTable table) {
        double[] x = factors.stream()
                .mapToDouble(each -> Double.isInfinite(each) ? Mixing.EXPERTS : each)
                .toArray();
        SequencedMap<String, Curve> curves = new LinkedHashMap<>();
        curves.put("loss", new Curve(x, column(table, true), column(table, false)));
        LabPlot.curves(
                file,
                new Labels("Capacity; without a bound is drawn at " + Mixing.EXPERTS, "factor", "loss, nats a token"),
                curves);
    }

    private static double[] column(SeedTable table, boolean mean) {
        return table.rows().stream()
                .map(row -> table.of(row, LOSS))
                .mapToDouble(each -> mean ? each.mean() : each.half())
                .toArray();
    }

    /// Before anything is measured.
    static String prediction() {
        return """
                With one expert for each token (Switch, Fedus et al. 2021, arXiv:2101.03961, table 1 and section 2.2), an expert \
                takes its even share times a factor, and what comes after is dropped. A larger factor should drop fewer tokens and \
                have a lower loss; at 1.25, with the loss that balances, the loss should be that without a bound, within %s \
                nats.""".formatted(BalancePart.NEAR);
    }
}
