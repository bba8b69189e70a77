package gradus.lessons.lab.grokking;

import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Curve;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import gradus.lessons.lab.measure.Verdict;
import gradus.train.run.compare.Interval;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// What follows from the courses of all models.
///
/// @param plain of each seed: with weight decay
/// @param free  without weight decay, of the same sums
/// @param more  with weight decay, of more sums
/// @param names of the three, in this order
/// @param p     the modulus
/// @param limit the most steps of a training
record GrokkingPart(List<Course> plain, List<Course> free, List<Course> more, List<String> names, int p, int limit) {
    private static final double LATE = 5;
    private static final double HALF = 50; // %
    private static final String KNOWN = "learned sums 99 % right, step";
    private static final String UNDERSTOOD = "held-out sums 99 % right, step";
    private static final String RATIO = "ratio";
    private static final String THEN = "held-out sums right when the learned are, %";
    private static final String END = "held-out sums right at the end, %";
    private static final String BEFORE = "energy before, %";
    private static final String AFTER = "energy after, %";
    private static final String SHUFFLED = "energy after, shuffled, %";
    private static final String PREDICTION = """
            Power et al. 2022 (arXiv:2201.02177): a small transformer that learns a part of the table of (a + b) mod %d \
            knows its sums by heart early, while it gets most of the others wrong; long after, it gets those right too. The \
            held-out sums should be right after more than 5 times the steps of the learned ones. Weight decay drives this: \
            without it, it should come later or not at all; of more sums it should come earlier. Nanda et al. 2023 \
            (arXiv:2301.05217): what it has learned by then is to add angles of a few frequencies, so that at the end most of the \
            energy of the numbers' vectors should lie in 5 of %d frequencies, and no more than by chance before training, \
            and where the vectors stand in random order.""";

    /// Before anything is measured.
    ///
    /// @param p of the sums mod p
    static String prediction(int p) {
        return String.format(Locale.ROOT, PREDICTION, p, (p - 1) / 2);
    }

    Section section(Path folder) {
        SequencedMap<String, List<Course>> all = new LinkedHashMap<>();
        all.put(names.get(0), plain);
        all.put(names.get(1), free);
        all.put(names.get(2), more);
        plot(folder.resolve("grokking.png"), all);
        SeedTable table = new SeedTable("training", 1, KNOWN, UNDERSTOOD, RATIO, THEN, END, BEFORE, AFTER, SHUFFLED);
        all.forEach((name, seeds) -> seeds.forEach(each -> table.put(
                name,
                each.known(),
                each.understood(),
                each.understood() / each.known(),
                100 * each.understoodWhenKnown(),
                100 * each.heldOut()[each.heldOut().length - 1],
                100 * each.before(),
                100 * each.after(),
                100 * each.shuffled())));
        Section section = new Section("Grokking", prediction(p))
                .add(table.markdown(List.of(KNOWN, UNDERSTOOD, RATIO, THEN, END)))
                .add(table.markdown(List.of(BEFORE, AFTER, SHUFFLED)))
                .add(
                        "Means over the seeds that have a number, with 95 % intervals. The energy is that of the 5 strongest"
                                + " frequencies. "
                                + reached(all));
        return claims(section, table);
    }

    private Section claims(Section section, SeedTable table) {
        String base = names.getFirst();
        Interval then = table.of(base, THEN);
        Interval after = table.of(base, AFTER);
        boolean grok = plain.stream().noneMatch(each -> Double.isNaN(each.understood()));
        section.claim(
                "With weight decay the held-out sums are right in the end (Power et al. 2022)", reached(plain), grok);
        if (grok) {
            section.claim(
                    "They are right after more than 5 times the steps of the learned ones (Power et al. 2022)",
                    table.of(base, RATIO),
                    LATE);
        } else {
            section.add("**Nothing is decided** of how late that is: not every seed came to it.");
        }
        section.claim(
                "When the learned sums are known, less than half of the others are right, in %",
                then, then.mean() + then.half() < HALF);
        return section.claim(
                        "Without weight decay it takes longer, by at least so many steps (Nanda et al. 2023)",
                        later(free, plain),
                        0)
                .claim("Of more sums it takes fewer steps, by (Power et al. 2022)", later(plain, more), 0)
                .claim(
                        "At the end most of the energy lies in 5 frequencies, in % (Nanda et al. 2023)",
                        after, after.mean() - after.half() > HALF)
                .claim(
                        "It is more than of the same vectors in random order, in % by",
                        over(plain, each -> 100 * (each.after() - each.shuffled())), 0)
                .control(
                        "before training it is no more than of vectors in random order, in % by",
                        over(plain, each -> 100 * (each.before() - each.shuffled())),
                        over(plain, each -> 100 * (each.after() - each.shuffled())))
                .claim(
                        "It is more than without weight decay, in % by",
                        Verdict.over(
                                plain.size(),
                                seed -> 100
                                        * (plain.get(seed).after()
                                                - free.get(seed).after())),
                        0);
    }

    /// By how many steps one is later than the other, seed by seed. A model that never came to it counts
    /// as if it had
    /// done so at the last step, so that the one that is later is later by at least this.
    private Interval later(List<Course> late, List<Course> early) {
        return Verdict.over(
                late.size(),
                seed -> orLimit(late.get(seed).understood())
                        - orLimit(early.get(seed).understood()));
    }

    private double orLimit(double step) {
        return Double.isNaN(step) ? limit : step;
    }

    private static Interval over(List<Course> seeds, ToDoubleFunction<Course> value) {
        return Verdict.over(seeds.size(), seed -> value.applyAsDouble(seeds.get(seed)));
    }

    private String reached(SequencedMap<String, List<Course>> all) {
        StringBuilder text = new StringBuilder();
        all.forEach((name, seeds) ->
                text.append(name).append(": ").append(reached(seeds)).append(". "));
        return text.toString();
    }

    private String reached(List<Course> seeds) {
        long count =
                seeds.stream().filter(each -> !Double.isNaN(each.understood())).count();
        return "%s of %s seeds within %s steps".formatted(count, seeds.size(), limit);
    }

    private void plot(Path file, SequencedMap<String, List<Course>> all) {
        SequencedMap<String, Curve> curves = new LinkedHashMap<>();
        curves.put("learned sums, " + names.getFirst(), curve(plain, Course::learned));
        all.forEach((name, seeds) -> curves.put("held-out sums, " + name, curve(seeds, Course::heldOut)));
        LabPlot plot = new LabPlot(
                        new Labels("Right sums; a training that ended keeps its last value", "step", "share"))
                .logarithmicX();
        curves.forEach(plot::curve);
        plot.write(file);
    }

    private static Curve curve(List<Course> seeds, Function<Course, double[]> right) {
        int[] steps = seeds.stream()
                .map(Course::steps)
                .max((a, b) -> Integer.compare(a.length, b.length))
                .orElseThrow();
        List<Interval> means = IntStream.of(steps)
                .mapToObj(step -> over(seeds, each -> Course.at(step, each.steps(), right.apply(each))))
                .toList();
        return new Curve(
                IntStream.of(steps).asDoubleStream().toArray(),
                means.stream().mapToDouble(Interval::mean).toArray(),
                means.stream().mapToDouble(Interval::half).toArray());
    }
}
