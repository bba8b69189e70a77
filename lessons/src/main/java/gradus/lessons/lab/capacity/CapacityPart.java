package gradus.lessons.lab.capacity;

import gradus.lessons.lab.fit.PowerLaw;
import gradus.lessons.lab.fit.Range;
import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import gradus.lessons.lab.measure.Verdict;
import gradus.train.run.compare.Interval;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;

/// What follows from all models.
///
/// @param many   by size, of each seed: more facts than fit, seen many times
/// @param few    the same facts, seen a few times
/// @param light  fewer facts than fit, seen many times
/// @param counts how many times many and few are
/// @param loads  bits a parameter, of the facts of the first two and of the last
record CapacityPart(
        SequencedMap<Integer, List<Learned>> many,
        SequencedMap<Integer, List<Learned>> few,
        SequencedMap<Integer, List<Learned>> light,
        List<Integer> counts,
        List<Double> loads) {
    private static final Range TWO = new Range(1.5, 2, 2.5);
    private static final Range ONE = new Range(0.75, 1, 1.25);
    private static final double WHOLE = 0.95;
    private static final String PARAMETERS = "parameters";
    private static final String FACTS = "facts";
    private static final String ENTROPY = "their bits";
    private static final String KNOWN = "bits known";
    private static final String RATIO = "bits a parameter";
    private static final String SHARE = "share known";
    private static final String PREDICTION = """
            Allen-Zhu & Li 2024 (arXiv:2404.05405): a language model holds about 2 bits of knowledge a parameter if it has seen \
            each fact 1,000 times, and about 1 if 100 times, whatever its size. Here a fact gives a key of two tokens a value of \
            three random ones. What is known is the entropy of all values less what they cost the model, \
            `N·(3·log₂ V − cost)`; P counts all parameters. Of facts of %s bits a parameter, more than fit, \
            models should know 2 bits a parameter (1.5 to 2.5) after %d exposures and 1 (0.75 to 1.25) after %d, and the bits \
            should grow like P^1. Of facts of %s bits a parameter, fewer than fit, they should know nearly all (more than %s); \
            and of values that were exchanged, nothing.""";

    Section section(Path folder) {
        SeedTable table = new SeedTable("channels, exposures", 2, PARAMETERS, FACTS, ENTROPY, KNOWN, RATIO, SHARE);
        put(table, many, counts.get(0), loads.get(0));
        put(table, few, counts.get(1), loads.get(0));
        put(table, light, counts.get(0), loads.get(1));
        plot(folder);
        Section section = new Section("Bits a parameter", prediction(counts, loads))
                .add(table.markdown())
                .add(
                        "No model can know more than its facts have: %s bits a parameter. A ratio near that is a lower bound of what fits."
                                .formatted(loads.get(0)));
        claims(section, many, counts.get(0), TWO);
        claims(section, few, counts.get(1), ONE);
        double[] often = all(many, Learned::ratio);
        double[] seldom = all(few, Learned::ratio);
        Interval more = Verdict.over(often.length, i -> often[i] - seldom[i]);
        Interval whole = over(light, Learned::share);
        Interval wrong = over(many, each -> each.shuffled() / each.parameters());
        return section.claim("More exposures, more bits a parameter, by", more, 0)
                .claim(
                        "Facts of %s bits a parameter are known nearly all: the share is above %s"
                                .formatted(loads.get(1), WHOLE),
                        whole,
                        WHOLE)
                .control("of exchanged values nothing is known, bits a parameter", wrong, over(many, Learned::ratio));
    }

    /// Before anything is measured.
    static String prediction(List<Integer> counts, List<Double> loads) {
        return String.format(Locale.ROOT, PREDICTION, loads.get(0), counts.get(0), counts.get(1), loads.get(1), WHOLE);
    }

    private static void put(SeedTable table, SequencedMap<Integer, List<Learned>> models, int exposures, double load) {
        models.forEach((dim, seeds) -> seeds.forEach(each -> table.put(
                String.format(Locale.ROOT, "%d, %d of %s bits", dim, exposures, load),
                each.parameters(),
                each.facts(),
                each.entropy(),
                each.known(),
                each.ratio(),
                each.share())));
    }

    /// The ratio of all models, and the exponent of a power law through all runs.
    private static void claims(
            Section section, SequencedMap<Integer, List<Learned>> models, int exposures, Range expected) {
        Interval ratio = over(models, Learned::ratio);
        section.claim(
                String.format(
                        Locale.ROOT,
                        "After %d exposures the interval of the bits a parameter, the mean over all models, lies within %s to %s",
                        exposures,
                        expected.low(),
                        expected.high()),
                ratio,
                ratio.mean() - ratio.half() >= expected.low() && ratio.mean() + ratio.half() <= expected.high());
        double[] sizes = all(models, Learned::parameters);
        double[] known = all(models, Learned::known);
        if (Arrays.stream(known).anyMatch(bits -> bits == 0)) {
            section.add("**Nothing is decided** of the growth after %s exposures: a model knew nothing."
                    .formatted(exposures));
            return;
        }
        Range exponent = PowerLaw.of(sizes, known).exponent();
        section.claim(
                "After %s exposures the bits grow like P^1: the 95 %% interval of the exponent holds 1"
                        .formatted(exposures),
                exponent.shown(3),
                exponent.holds(1));
    }

    private static List<Learned> all(SequencedMap<Integer, List<Learned>> models) {
        return models.values().stream().flatMap(List::stream).toList();
    }

    private static double[] all(SequencedMap<Integer, List<Learned>> models, ToDoubleFunction<Learned> value) {
        return all(models).stream().mapToDouble(value).toArray();
    }

    /// Over all sizes and seeds: each is a model with weights and facts of its own.
    private static Interval over(SequencedMap<Integer, List<Learned>> models, ToDoubleFunction<Learned> value) {
        double[] values = all(models, value);
        return Verdict.over(values.length, i -> values[i]);
    }

    private void plot(Path folder) {
        double[] sizes = many.values().stream()
                .mapToDouble(each -> each.getFirst().parameters())
                .toArray();
        LabPlot plot = new LabPlot(new Labels("Bits known by size", "parameters", "bits"))
                .logarithmicX()
                .logarithmicY();
        plot.line(
                "2 bits a parameter",
                sizes,
                Arrays.stream(sizes).map(p -> 2 * p).toArray());
        plot.line("1 bit a parameter", sizes, sizes);
        points(plot, counts.get(0) + " exposures", many);
        points(plot, counts.get(1) + " exposures", few);
        points(plot, counts.get(0) + " exposures, few facts", light);
        plot.write(folder.resolve("capacity.png"));
    }

    /// A logarithmic axis has no place for 0.
    private static void points(LabPlot plot, String name, SequencedMap<Integer, List<Learned>> models) {
        List<Learned> shown =
                all(models).stream().filter(each -> each.known() > 0).toList();
        if (!shown.isEmpty()) {
            plot.points(
                    name,
                    shown.stream().mapToDouble(Learned::parameters).toArray(),
                    shown.stream().mapToDouble(Learned::known).toArray());
        }
    }
}
