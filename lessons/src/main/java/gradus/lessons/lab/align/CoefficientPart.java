package gradus.lessons.lab.align;

import gradus.lessons.lab.option.LabFolder;
import gradus.tensor.random.Rng;
import gradus.train.rl.GroupAdvantage;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.Consumer;

/// Part (e): how hard GRPO and its relatives climb from a question that is answered rightly with probability
/// p, by formula and measured on groups that were drawn, beside `1/√(p(1-p))`.
///
/// @param group  G, answers to a question
/// @param groups how many groups are drawn for each p
/// @param rng    draws them
public record CoefficientPart(int group, int groups, Rng rng) implements AlignPart {
    private static final double[] CHANCES = {0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98};

    /// How the G answers to one question are compared, by the names of the algorithms.
    private static final SequencedMap<String, GroupAdvantage> RULES = new LinkedHashMap<>();

    static {
        RULES.put("grpo", GroupAdvantage.NORMALISED);
        RULES.put("dr_grpo", GroupAdvantage.CENTRED);
        RULES.put("rloo", GroupAdvantage.LEAVE_ONE_OUT);
    }

    @Override
    public String name() {
        return "e";
    }

    @Override
    public String run(LabFolder folder, Consumer<String> say) {
        StringBuilder table = new StringBuilder("## (e) The coefficient of ∇p\n\n");
        table.append(String.format(
                Locale.ROOT, "Groups of %d answers, %,d groups for each p; ± is a standard error.%n%n", group, groups));
        StringBuilder head = new StringBuilder("| p | 1/√(p(1-p)) |");
        StringBuilder csv = new StringBuilder("p,limit");
        for (String rule : RULES.keySet()) {
            head.append(" %s, formula | measured |".formatted(rule));
            csv.append(",%1$s,%1$s_measured,%1$s_standard_error".formatted(rule));
        }
        csv.append('\n');
        table.append(head)
                .append("\n|---|---|")
                .append("---|".repeat(2 * RULES.size()))
                .append('\n');
        SequencedMap<String, double[]> lines = new LinkedHashMap<>();
        SequencedMap<String, double[]> points = new LinkedHashMap<>();
        lines.put("1/√(p(1-p))", new double[CHANCES.length]);
        for (int i = 0; i < CHANCES.length; i++) {
            double p = CHANCES[i];
            say.accept("p = " + p);
            double limit = 1 / Math.sqrt(p * (1 - p));
            lines.get("1/√(p(1-p))")[i] = limit;
            table.append(String.format(Locale.ROOT, "| %.2f | %.3f |", p, limit));
            csv.append(p).append(',').append(limit);
            for (var rule : RULES.entrySet()) {
                double exact = GroupGradient.exact(rule.getValue(), p, group);
                GroupGradient.Measured measured = GroupGradient.measure(
                        rule.getValue(), p, group, groups, rng.at(rule.getKey()).at(i));
                table.append(String.format(
                        Locale.ROOT, " %.3f | %.3f ± %.3f |", exact, measured.mean(), measured.standardError()));
                csv.append(',').append(exact).append(',').append(measured.mean());
                csv.append(',').append(measured.standardError());
                lines.computeIfAbsent(rule.getKey(), key -> new double[CHANCES.length])[i] = exact;
                points.computeIfAbsent(rule.getKey() + ", measured", key -> new double[CHANCES.length])[i] =
                        measured.mean();
            }
            table.append('\n');
            csv.append('\n');
        }
        folder.write("coefficient.csv", csv.toString());
        AlignPlot.coefficients(folder.path().resolve("coefficient.png"), CHANCES, lines, points);
        return table.append('\n').toString();
    }
}
