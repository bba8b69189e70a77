package gradus.lessons.lab.prompt.addition;

import gradus.lessons.lab.material.LabPart;
import gradus.lessons.lab.material.LabSetting;
import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Curve;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Verdict;
import gradus.train.run.compare.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.HypergeometricDistribution;
import tools.jackson.databind.JsonNode;

/// `format`: how many examples a small model needs to learn addition, by how the sum is written. Lee et al.
/// 2023, *Teaching Arithmetic to Small Transformers*, arXiv:2307.03381. **Departures:** a smaller model, and
/// examples that never come again, so that the number of examples is that of one pass. The control is a third
/// order of the digits, in which no digit stands behind all that its carry needs.
///
/// @param plan sizes
public record FormatPart(AdditionPlan plan) implements LabPart {
    private static final double LEARNED = 0.95;
    private static final List<AdditionFormat> GAINS = List.of(AdditionFormat.REVERSED, AdditionFormat.SCRATCHPAD);

    @Override
    public String name() {
        return "format";
    }

    @Override
    public String about() {
        return "plain, reversed and worked sums, by the number of examples";
    }

    @Override
    public String prediction() {
        return String.format(Locale.ROOT, """
                Sums of two numbers of %s digits. **Prediction** (Lee et al. 2023): with the last digit first, or with the carries
                written out, a model needs fewer examples than with the first digit first. **Control:** a third order, in which
                the carries do not run, gains nothing over the plain one.
                """, plan.digits());
    }

    @Override
    public List<Recipe> recipes() {
        List<Recipe> recipes = new ArrayList<>();
        for (AdditionFormat each : AdditionFormat.values()) {
            recipes.add(plan.of(each));
        }
        return recipes;
    }

    @Override
    public String run(LabSetting setting) {
        Map<AdditionFormat, double[][]> right = new EnumMap<>(AdditionFormat.class); // by seed and measure
        double[] examples = null;
        for (AdditionFormat format : AdditionFormat.values()) {
            List<double[]> rows = new ArrayList<>();
            for (long seed : setting.seeds()) {
                JsonNode measured = setting.material().measured(plan.of(format), seed);
                examples = numbers(measured.path("examples"));
                rows.add(numbers(measured.path("right")));
            }
            right.put(format, rows.toArray(double[][]::new));
        }
        plot(setting, examples, right);
        return "## format: how a sum is written\n\n" + prediction() + table(examples, right) + verdicts(right);
    }

    private static double[] numbers(JsonNode list) {
        return list.valueStream().mapToDouble(JsonNode::asDouble).toArray();
    }

    /// Of the share of right answers at a measure, in percent.
    private static Interval at(double[][] right, int measure) {
        return Verdict.over(right.length, seed -> 100 * right[seed][measure]);
    }

    /// The mean over all measures: the larger, the fewer examples were needed.
    private static double area(double[] right) {
        return 100 * Arrays.stream(right).average().orElse(Double.NaN);
    }

    private static String table(double[] examples, Map<AdditionFormat, double[][]> right) {
        int last = examples.length - 1;
        int[] shown =
                IntStream.of(last / 4, last / 2, 3 * last / 4, last).distinct().toArray();
        StringBuilder table = new StringBuilder("\nRight of the held-out sums, in %, by examples:\n\n| format |");
        for (int each : shown) {
            table.append(String.format(Locale.ROOT, " %,.0f |", examples[each]));
        }
        table.append(" mean of all measures | seeds that end above 95 |\n|---|")
                .append("---|".repeat(shown.length + 2))
                .append('\n');
        right.forEach((format, rows) -> {
            table.append("| ").append(format.title()).append(" |");
            for (int each : shown) {
                table.append(' ').append(Verdict.shown(at(rows, each), 1)).append(" |");
            }
            Interval area = Verdict.over(rows.length, seed -> area(rows[seed]));
            table.append(" %s | %s of %s |\n".formatted(Verdict.shown(area, 1), learned(rows), rows.length));
        });
        return table.toString();
    }

    static String verdicts(Map<AdditionFormat, double[][]> right) {
        StringBuilder text = new StringBuilder("\nMore than plain, by the mean of all measures and at the end:\n");
        for (AdditionFormat format : AdditionFormat.values()) {
            if (format != AdditionFormat.PLAIN) {
                Interval mean = gain(right, format, FormatPart::area);
                Interval end = gain(right, format, row -> 100 * row[row.length - 1]);
                String verdict = GAINS.contains(format)
                        ? "%s; %s"
                                        .formatted(
                                                Verdict.of(mean)
                                                        .choose(
                                                                "fewer examples, the prediction holds",
                                                                "more examples, the prediction does not hold here",
                                                                "no difference of the means that can be told"),
                                                Verdict.of(end)
                                                        .choose(
                                                                "better at the end",
                                                                "worse at the end",
                                                                "no better at the end by the mean"))
                                + "; " + seeds(right.get(format), right.get(AdditionFormat.PLAIN))
                        : Verdict.of(mean)
                                .choose(
                                        "a gain, which a control should not show",
                                        "no gain but a loss, as a control may",
                                        "no gain, as it should be");
                text.append("- **%s**%s: %s and %s: %s.\n"
                        .formatted(
                                format.title(),
                                GAINS.contains(format) ? "" : " (control)",
                                Verdict.shown(mean, 1),
                                Verdict.shown(end, 1),
                                verdict));
            }
        }
        return text.toString();
    }

    private static int learned(double[][] rows) {
        return (int)
                Arrays.stream(rows).filter(row -> row[row.length - 1] > LEARNED).count();
    }

    /// How likely it is that as many of these seeds have learned it, or more, if the format made no difference:
    /// Fisher's exact test, one-sided.
    static double chance(int learned, int learnedPlain, int seeds) {
        return new HypergeometricDistribution(null, 2 * seeds, learned + learnedPlain, seeds)
                .upperCumulativeProbability(learned);
    }

    private static String seeds(double[][] own, double[][] plain) {
        double chance = chance(learned(own), learned(plain), own.length);
        return String.format(
                Locale.ROOT,
                "%d seeds end above 95, %d of plain, p = %.3f: %s",
                learned(own),
                learned(plain),
                chance,
                chance < 0.05 ? "more, the prediction holds" : "no difference that can be told");
    }

    private static Interval gain(
            Map<AdditionFormat, double[][]> right, AdditionFormat format, ToDoubleFunction<double[]> of) {
        double[][] own = right.get(format);
        double[][] plain = right.get(AdditionFormat.PLAIN);
        return Verdict.over(own.length, seed -> of.applyAsDouble(own[seed]) - of.applyAsDouble(plain[seed]));
    }

    private void plot(LabSetting setting, double[] examples, Map<AdditionFormat, double[][]> right) {
        SequencedMap<String, Curve> curves = new LinkedHashMap<>();
        right.forEach((format, rows) -> {
            double[] mean = new double[examples.length];
            double[] half = new double[examples.length];
            for (int i = 0; i < mean.length; i++) {
                mean[i] = at(rows, i).mean();
                half[i] = at(rows, i).half();
            }
            curves.put(format.title(), new Curve(examples, mean, half));
        });
        LabPlot.curves(
                setting.folder().path().resolve("format.png"),
                new Labels("Addition of " + plan.digits() + " digits", "examples", "right, %"),
                curves);
    }
}
