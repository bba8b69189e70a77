package gradus.lessons.lab.emergence;

import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Curve;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import gradus.lessons.lab.measure.Verdict;
import gradus.train.run.compare.Interval;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// What follows from the courses of all models.
///
/// @param carry   whether the sums have carries
/// @param courses by the name of the size, from the smallest: of each seed
/// @param digits  of an answer
record EmergencePart(boolean carry, SequencedMap<String, List<Course>> courses, int digits) {
    private static final double STRAIGHT = 0.98;
    private static final double ORDERLY = 0.9;
    private static final String EXACT = "largest rise of exact match, % of all";
    private static final String DIGIT = "of right digits";
    private static final String LOG = "of ln p";
    private static final String ORDER = "rank correlation of ln p with C";
    private static final String LINE = "R²";
    private static final String MISS = "miss of p^k, %";
    private static final String END = "exact match at the end, %";
    private static final String ALIKE = """
            Schaeffer et al. 2023 (arXiv:2304.15004): an ability that seems to come all at once does so because of its \
            measure. Here no digit is above 4, so there are no carries and all %s digits of a sum are the same task. The share of sums that are \
            right in all digits should stay near 0 and then rise within few measures; the log-probability of a right digit, \
            and the share of right digits, of the same models and the same sums, should rise little by little. If a digit \
            is right with probability p, k digits are with p^k: the logarithm of exact match should be a straight line in \
            k, with R² above 0.98.""";
    private static final String UNLIKE = """
            The same with carries, the last digit of %s first. Now digits are not alike: a later one hangs on carries, and a \
            model may learn one place after the other. If it does, p^k is no longer what k digits are, the line bends, and \
            what a digit tells may come in jumps itself: the explanation by the measure would not be the whole. The same \
            claims are asked.""";

    /// Before anything is measured.
    static String prediction(boolean carry, int digits) {
        return String.format(Locale.ROOT, carry ? UNLIKE : ALIKE, digits);
    }

    Section section(Path folder) {
        SeedTable table = new SeedTable("channels", 3, END, EXACT, DIGIT, LOG, ORDER, LINE, MISS);
        courses.forEach((size, seeds) -> seeds.forEach(course -> table.put(
                size,
                100 * course.exact()[course.exact().length - 1],
                100 * Course.jump(course.exact()),
                100 * Course.jump(course.accuracy()),
                100 * Course.jump(course.logProbability()),
                course.order(course.logProbability()),
                course.straightness(),
                100 * course.missOfPower())));
        String largest = courses.lastEntry().getKey();
        Interval line = table.of(largest, LINE);
        Interval order = table.of(largest, ORDER);
        plots(folder);
        Section section = new Section(carry ? "Sums with carries" : "Sums without carries", prediction(carry, digits))
                .add(table.markdown())
                .add(
                        "p is the share of right digits, ln p the mean log-probability of the right ones, C = 6·N·D. R² and p^k"
                                + " are the mean of the measures at which 1 to 90 % of the sums are right.")
                .add(last());
        if (Double.isNaN(line.mean())) {
            section.add(
                    "**Nothing is decided** of the straight line: no model of %s channels had 1 to 90 %% of the sums right"
                                    .formatted(largest)
                            + " at any measure.");
        } else {
            section.claim(
                    "With %s channels, ln(exact match of k digits) is a straight line in k with R² above 0.98"
                            .formatted(largest),
                    line,
                    line.mean() - line.half() > STRAIGHT);
        }
        section.claim(
                "The log-probability of a digit rises with compute, with a rank correlation above 0.9",
                order,
                order.mean() - order.half() > ORDERLY);
        if (Double.isNaN(table.of(largest, EXACT).mean())) {
            return section.add("**Nothing is decided** of the jumps: exact match did not rise.");
        }
        return section.claim(
                        "Exact match rises in larger jumps than the log-probability of a digit, in % of the whole rise by",
                        difference(largest, course -> Course.jump(course.logProbability())), 0)
                .claim(
                        "Exact match rises in larger jumps than the share of right digits, in % of the whole rise by",
                        difference(largest, course -> Course.jump(course.accuracy())), 0);
    }

    private Interval difference(String size, ToDoubleFunction<Course> smooth) {
        List<Course> seeds = courses.get(size);
        return Verdict.over(
                seeds.size(),
                seed -> 100 * (Course.jump(seeds.get(seed).exact()) - smooth.applyAsDouble(seeds.get(seed))));
    }

    /// The first seed of the largest model, measure by measure.
    private String last() {
        Course course = courses.lastEntry().getValue().getFirst();
        StringBuilder table = new StringBuilder("The largest model, first seed:\n\n| operations | ln p | p, % |");
        int all = course.match()[0].length;
        for (int k = 1; k <= all; k++) {
            table.append(k == 1 ? " exact match of 1 digit, % |" : String.format(Locale.ROOT, " %d |", k));
        }
        table.append("\n|---|---|---|").append("---|".repeat(all)).append('\n');
        for (int i = 0; i < course.operations().length; i++) {
            table.append(String.format(
                    Locale.ROOT,
                    "| %.1e | %.3f | %.1f |",
                    course.operations()[i],
                    course.logProbability()[i],
                    100 * course.accuracy()[i]));
            for (double share : course.match()[i]) {
                table.append(String.format(Locale.ROOT, " %.1f |", 100 * share));
            }
            table.append('\n');
        }
        return table.toString();
    }

    private void plots(Path folder) {
        plot(folder.resolve(name("exact")), "Sums right in all digits", "share", Course::exact);
        plot(folder.resolve(name("digit")), "Log-probability of a right digit", "nats", Course::logProbability);
    }

    private String name(String plot) {
        return plot + (carry ? "-carries.png" : "-places.png");
    }

    private interface Values {
        double[] of(Course course);
    }

    private void plot(Path file, String title, String unit, Values values) {
        SequencedMap<String, Curve> curves = new LinkedHashMap<>();
        courses.forEach((size, seeds) -> {
            double[] operations = seeds.getFirst().operations();
            List<Interval> all = IntStream.range(0, operations.length)
                    .mapToObj(i -> Verdict.over(seeds.size(), seed -> values.of(seeds.get(seed))[i]))
                    .toList();
            curves.put(
                    size + " channels",
                    new Curve(
                            Arrays.stream(operations).map(Math::log10).toArray(),
                            all.stream().mapToDouble(Interval::mean).toArray(),
                            all.stream().mapToDouble(Interval::half).toArray()));
        });
        LabPlot.curves(file, new Labels(title, "log10 of operations", unit), curves);
    }
}
