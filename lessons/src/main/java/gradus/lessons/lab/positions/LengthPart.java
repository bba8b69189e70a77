package gradus.lessons.lab.positions;

import gradus.layers.model.Gpt;
import gradus.lessons.lab.material.LabPart;
import gradus.lessons.lab.material.LabSetting;
import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Curve;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import gradus.lessons.lab.measure.Verdict;
import gradus.train.run.compare.Interval;
import gradus.train.run.length.LongerModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;

/// Part `length`: a model of each kind of position reads up to eight times the length that it was trained on.
///
/// @param plan    of the models
/// @param text    that they learn
/// @param windows of the longest length that are measured
record LengthPart(LengthPlan plan, PositionText text, int windows) implements LabPart {
    /// What a longer reading may cost and still be called harmless, in nats a token.
    static final double HARMLESS = 0.05;

    /// The columns of a table of [LengthPlan#FACTORS].
    static final String[] COLUMNS = {"1×", "2×", "4×", "8×"};

    private static final String AT_FOUR = COLUMNS[2];
    private static final String LEARNED = "learned";

    @Override
    public String name() {
        return "length";
    }

    @Override
    public String about() {
        return "the loss of every kind of position on longer texts";
    }

    @Override
    public String prediction() {
        return """
                Models of every kind of position learn a text in windows of %s tokens and then read windows of 2, \
                4 and 8 times this length. Compared are the losses of the same tokens: those of the last half of \
                the long window, and those of the same tokens read in pieces of %s, each with half a piece or more \
                before it. A kind that extrapolates loses nothing by reading all (at most %s nats a token). ALiBi \
                should, and T5's and Shaw's distances, of which all that are far are one. Sinusoids and plain \
                rotations should not: they meet angles that they never saw. Learned positions should refuse.""".formatted(plan.context(), plan.context(), HARMLESS);
    }

    @Override
    public List<Recipe> recipes() {
        return PositionKinds.trained().stream()
                .<Recipe>map(position -> new TextRecipe(plan, text, position))
                .toList();
    }

    @Override
    public String run(LabSetting setting) {
        LengthLosses losses =
                new LengthLosses(text.split().validation(), text.starts(plan.longest(), windows), plan.context());
        SeedTable pieces = new SeedTable("position", 3, COLUMNS);
        SeedTable excess = new SeedTable("position", 3, COLUMNS);
        Map<String, String> refusals = new LinkedHashMap<>();
        SequencedMap<String, List<double[]>> courses = new LinkedHashMap<>();
        for (long seed : setting.seeds()) {
            for (String position : PositionKinds.trained()) {
                TextRecipe recipe = new TextRecipe(plan, text, position);
                Gpt model = recipe.open(setting.material().folder(recipe, seed));
                Optional<String> refusal = PositionKinds.refusal(model, recipe.config(), plan.context() + 1);
                refusal.ifPresent(said -> refusals.put(position, said));
                double[] inPieces = losses.pieces(model);
                pieces.put(position, inPieces);
                excess.put(
                        position
                                + refusal.map(said -> " (refuses: " + said + ")")
                                        .orElse(""),
                        minus(
                                losses.whole(length -> length > plan.context() && refusal.isPresent()
                                        ? null
                                        : LongerModel.of(model, recipe.config(), length, Optional.empty())),
                                inPieces));
                int read = refusal.isPresent() ? plan.context() : plan.longest();
                courses.computeIfAbsent(position, key -> new ArrayList<>())
                        .add(losses.course(
                                LongerModel.of(model, recipe.config(), read, Optional.empty()),
                                read,
                                plan.context() / 2));
            }
            setting.say().accept("length, seed " + seed + " is done");
        }
        plot(setting, courses);
        plot(setting, excess, "length-added.png", "Trained on windows of " + plan.context() + " tokens");
        return section(pieces, excess, refusals.keySet());
    }

    /// One from the other, number by number.
    static double[] minus(double[] whole, double... pieces) {
        return IntStream.range(0, whole.length)
                .mapToDouble(i -> whole[i] - pieces[i])
                .toArray();
    }

    /// Whether all of an interval is below the harmless.
    static boolean harmless(Interval excess) {
        return Verdict.of(new Interval(excess.mean() - HARMLESS, excess.half())) == Verdict.LESS;
    }

    private String section(SeedTable pieces, SeedTable excess, Set<String> refusals) {
        Section section = new Section("Longer texts, every kind of position", prediction());
        section.add("Loss of the tokens in pieces, nats a token:\n\n" + pieces.markdown());
        section.add(
                "What reading the whole window adds to it, nats a token; below 0 it helps:\n\n" + excess.markdown());
        section.claim(
                "ALiBi extrapolates: at 4× it adds at most " + HARMLESS,
                excess.of("alibi", AT_FOUR),
                harmless(excess.of("alibi", AT_FOUR)));
        for (String each : List.of("t5", "shaw")) {
            section.claim(
                    each + " extrapolates: at 4× it adds at most " + HARMLESS,
                    excess.of(each, AT_FOUR),
                    harmless(excess.of(each, AT_FOUR)));
        }
        for (String each : List.of("sinusoidal", PositionKinds.ROPE)) {
            section.claim(each + " does not: at 4× it adds more than " + HARMLESS, excess.of(each, AT_FOUR), HARMLESS);
        }
        return section.add((refusals.equals(Set.of(LEARNED)) ? "**Holds.** " : "**Does not hold here.** ")
                        + "Learned positions refuse, and no others: " + refusals + ".")
                .toString();
    }

    private void plot(LabSetting setting, SequencedMap<String, List<double[]>> courses) {
        LabPlot plot = new LabPlot(new Labels(
                        "Trained on windows of " + plan.context() + " tokens",
                        "tokens before the predicted one",
                        "loss, nats a token"))
                .logarithmicX();
        courses.forEach((position, seeds) -> {
            int points = seeds.getFirst().length;
            double[] x = IntStream.range(0, points)
                    .mapToDouble(i -> (i + 0.5) * plan.context() / 2)
                    .toArray();
            double[] mean = IntStream.range(0, points)
                    .mapToDouble(i -> Verdict.over(seeds.size(), seed -> seeds.get(seed)[i])
                            .mean())
                    .toArray();
            plot.line(position, x, mean);
        });
        plot.write(setting.folder().path().resolve("length.png"));
    }

    /// Draws a table of what longer readings add.
    void plot(LabSetting setting, SeedTable table, String file, String title) {
        LabPlot plot = new LabPlot(
                        new Labels(title, "tokens of the window", "added to the loss in pieces, nats a token"))
                .logarithmicX();
        double[] x = Arrays.stream(LengthPlan.FACTORS)
                .mapToDouble(factor -> factor * plan.context())
                .toArray();
        for (String row : table.rows()) {
            double[] mean = new double[x.length];
            double[] half = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                mean[i] = table.of(row, COLUMNS[i]).mean();
                half[i] = table.of(row, COLUMNS[i]).half();
            }
            plot.curve(row.replaceFirst(" \\(.*", ""), new Curve(x, mean, half));
        }
        plot.write(setting.folder().path().resolve(file));
    }
}
