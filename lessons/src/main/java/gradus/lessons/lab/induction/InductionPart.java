package gradus.lessons.lab.induction;

import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Curve;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import gradus.lessons.lab.measure.Verdict;
import gradus.train.run.compare.Interval;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// What follows from the courses of all models.
///
/// @param two     of each seed: with two layers
/// @param one     with one layer
/// @param repeats what they learned
record InductionPart(List<InductionCourse> two, List<InductionCourse> one, Repeats repeats) {
    private static final double NEAR = 0.5; // nats above the exact predictor
    private static final double FAR = 1; // nats between one layer and two
    private static final double ABRUPT = 0.5; // of the fall, in a tenth of the steps
    private static final double TOGETHER = 0.2; // of the step of the fall
    private static final String TWO = "two layers";
    private static final String ONE = "one layer";
    private static final String EXACT = "exact predictor";
    private static final String FIRST = "first occurrence";
    private static final String SECOND = "second occurrence";
    private static final String GAIN = "gain";
    private static final String RANDOM = "gain without repeats";
    private static final String PREFIX = "best prefix-matching score";
    private static final String PREVIOUS = "best previous-token score";
    private static final String FALL = "loss half-way, step";
    private static final String FORM = "score half-way, step";
    private static final String STEEPEST = "steepest tenth, share of the fall";
    private static final String OWN = "without it, loss rises by";
    private static final String OTHERS = "without another head of its layer";
    private static final String LOOKS = "score";
    private static final String PREDICTION = """
            Olsson et al. 2022 (arXiv:2209.11895): a model of attention alone with two layers forms induction heads. A head \
            of the first layer looks at the token before; one of the second looks for the place behind an earlier occurrence \
            of the token at hand (prefix matching), and says what stands there. Here a stretch of %d to %d random tokens \
            of %d repeats. Its first occurrence costs any model ln %d = %.3f nats a token or more (more, where it expects a repeat \
            too early); its second costs the exact predictor almost nothing. With two layers the loss of the second occurrence should come within %s nats of \
            that, and fall abruptly (more than half of the fall in one tenth of the training), at the time at which the \
            prefix-matching score of the best head rises (half-way steps that differ by less than %s of the step). With one \
            layer neither should come: a head cannot tell what stood before a token, so that only the set of tokens that came is known. \
            Without the best induction head, or the best previous-token head, the loss should rise more than without another \
            head of the same layer. Where nothing repeats, nothing should be gained.""";

    Section section(Path folder) {
        plot(folder, "loss", "Loss of the second occurrence", "nats a token", InductionCourse::repeat);
        plot(folder, "scores", "Best prefix-matching score", "attention", InductionCourse::prefix);
        SeedTable ends = new SeedTable("model", 3, FIRST, SECOND, GAIN, RANDOM, PREFIX, PREVIOUS);
        SeedTable ways = new SeedTable("model", 2, FALL, FORM, STEEPEST);
        put(ends, ways, TWO, two);
        put(ends, ways, ONE, one);
        two.forEach(course -> ends.put(
                EXACT,
                course.exact().first(),
                course.exact().second(),
                course.exact().gain(),
                Double.NaN,
                Double.NaN,
                Double.NaN));
        Section section = new Section("Induction heads", prediction(repeats))
                .add("After training, losses in nats a token:\n\n" + ends.markdown())
                .add(ways.markdown())
                .add(heads().markdown())
                .add(
                        "Half-way is where a course has gone half of its way from before training to the end. The best heads are"
                                + " those with the greatest scores at the end, of all layers.");
        return claims(section, ends);
    }

    /// Before anything is measured.
    static String prediction(Repeats repeats) {
        return String.format(
                Locale.ROOT,
                PREDICTION,
                repeats.shortest(),
                repeats.longest(),
                repeats.vocabulary(),
                repeats.vocabulary(),
                Math.log(repeats.vocabulary()),
                NEAR,
                TOGETHER);
    }

    private static void put(SeedTable ends, SeedTable ways, String name, List<InductionCourse> seeds) {
        for (InductionCourse course : seeds) {
            RepeatLoss loss = course.last().loss();
            HeadScores scores = course.last().scores();
            ends.put(
                    name,
                    loss.first(),
                    loss.second(),
                    loss.gain(),
                    course.random().gain(),
                    HeadScores.greatest(scores.prefix()),
                    HeadScores.greatest(scores.previous()));
            ways.put(
                    name,
                    InductionCourse.half(course.steps(), course.repeat()),
                    InductionCourse.half(course.steps(), course.prefix()),
                    InductionCourse.steepest(course.steps(), course.repeat()));
        }
    }

    private SeedTable heads() {
        SeedTable heads = new SeedTable("two layers: the best", 3, LOOKS, OWN, OTHERS);
        for (InductionCourse course : two) {
            HeadScores scores = course.last().scores();
            heads.put(
                    "induction head",
                    HeadScores.greatest(scores.prefix()),
                    course.rise(course.induction()),
                    course.riseOfOthers(course.induction()));
            heads.put(
                    "previous-token head",
                    HeadScores.greatest(scores.previous()),
                    course.rise(course.previous()),
                    course.riseOfOthers(course.previous()));
        }
        return heads;
    }

    private Section claims(Section section, SeedTable ends) {
        Interval above = ends.difference(TWO, EXACT, SECOND);
        double log = Math.log(repeats.vocabulary());
        Interval first = over(course -> course.last().loss().first() - log);
        Interval apart = over(course -> {
            double fall = InductionCourse.half(course.steps(), course.repeat());
            return Math.abs(fall - InductionCourse.half(course.steps(), course.prefix())) / fall;
        });
        return section.claim(
                        "Two layers: the second occurrence costs less than %s nats more than the exact predictor; it does by"
                                .formatted(NEAR),
                        above,
                        above.mean() + above.half() < NEAR)
                .claim("Two layers: the first occurrence costs more than ln V, by", first, 0)
                .claim(
                        "One layer: the second occurrence costs more than 1 nat more than with two, by",
                        ends.difference(ONE, TWO, SECOND),
                        FAR)
                .claim(
                        "Two layers: the best prefix-matching score exceeds that of one layer, by",
                        ends.difference(TWO, ONE, PREFIX),
                        0)
                .claim(
                        "Two layers: the loss falls abruptly, the greatest share within a tenth of the steps being more than half",
                        over(course -> InductionCourse.steepest(course.steps(), course.repeat())),
                        ABRUPT)
                .claim(
                        "The loss falls when the head forms: the half-way steps differ, as a share, by less than %s"
                                .formatted(TOGETHER),
                        apart,
                        apart.mean() + apart.half() < TOGETHER)
                .claim(
                        "Without the best induction head the loss rises more than without another of its layer, by",
                        over(course -> course.rise(course.induction()) - course.riseOfOthers(course.induction())),
                        0)
                .claim(
                        "Without the best previous-token head the loss rises more than without another of its layer, by",
                        over(course -> course.rise(course.previous()) - course.riseOfOthers(course.previous())),
                        0)
                .control(
                        "two layers gain nothing where nothing repeats; they gain",
                        over(course -> course.random().gain()),
                        over(course -> course.last().loss().gain()));
    }

    private Interval over(ToDoubleFunction<InductionCourse> value) {
        return Verdict.over(two.size(), seed -> value.applyAsDouble(two.get(seed)));
    }

    private void plot(Path folder, String name, String title, String unit, Function<InductionCourse, double[]> values) {
        LabPlot plot = new LabPlot(new Labels(title, "step", unit));
        plot.curve(TWO, mean(two, values)).curve(ONE, mean(one, values));
        plot.write(folder.resolve(name + ".png"));
    }

    /// Over the seeds, which were all measured at the same steps.
    private static Curve mean(List<InductionCourse> seeds, Function<InductionCourse, double[]> values) {
        double[] steps = seeds.getFirst().steps();
        List<Interval> all = IntStream.range(0, steps.length)
                .mapToObj(i -> Verdict.over(seeds.size(), seed -> values.apply(seeds.get(seed))[i]))
                .toList();
        return new Curve(
                steps,
                all.stream().mapToDouble(Interval::mean).toArray(),
                all.stream().mapToDouble(Interval::half).toArray());
    }
}
