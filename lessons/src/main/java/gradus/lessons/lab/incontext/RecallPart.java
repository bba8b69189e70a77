package gradus.lessons.lab.incontext;

import static gradus.error.ConfigException.require;

import gradus.layers.model.LanguageModel;
import gradus.lessons.lab.incontext.Associations.Kind;
import gradus.lessons.lab.material.LabPart;
import gradus.lessons.lab.material.LabSetting;
import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Curve;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import gradus.tensor.random.Rng;
import gradus.train.run.compare.Interval;
import java.util.List;
import java.util.Locale;

/// Part `recall`: two layers recall what stood behind a key earlier in the prompt, one layer does not. Arora et
/// al. 2023, arXiv:2312.04927; here with few keys.
///
/// @param recipe of the model with two layers; that with one is like it
/// @param tests  sequences that they are measured by
public record RecallPart(RecallRecipe recipe, int tests) implements LabPart {
    private static final String RIGHT = "right";
    private static final String TWO = "two layers";
    private static final String ONE = "one layer";
    private static final String ABSENT = "two layers, keys that were not there";
    private static final String EXCHANGED = "two layers, values exchanged";

    /// @throws gradus.error.ConfigException if there is no sequence
    public RecallPart {
        require(tests >= 1, "there must be a sequence to measure by at least; got %d", tests);
    }

    /// As the lab runs it.
    public static RecallPart standard() {
        return new RecallPart(RecallRecipe.standard(), 200);
    }

    @Override
    public String name() {
        return "recall";
    }

    @Override
    public String about() {
        return "associative recall, with two layers and with one";
    }

    @Override
    public String prediction() {
        return String.format(
                Locale.ROOT,
                """
                Two layers of attention find the earlier place of a key and copy what stood behind it: near \
                100 %%. One layer cannot join a value to the key before it, and does little better than to name \
                one of the values that were shown, %.2f. A key that was not there has a value that nobody can \
                know: %.2f by chance. Where the values stand at other keys, the model says what stands there, which is \
                wrong.""",
                1.0 / recipe.associations().pairs(),
                1.0 / recipe.associations().keys());
    }

    @Override
    public List<Recipe> recipes() {
        return List.of(recipe, recipe.withLayers(1));
    }

    @Override
    public String run(LabSetting setting) {
        SeedTable table = new SeedTable("model and test", 3, RIGHT);
        RecallRecipe one = recipe.withLayers(1);
        for (long seed : setting.seeds()) {
            LanguageModel two = recipe.open(setting.material().folder(recipe, seed), seed);
            LanguageModel single = one.open(setting.material().folder(one, seed), seed);
            table.put(TWO, right(two, Kind.PLAIN, seed));
            table.put(ONE, right(single, Kind.PLAIN, seed));
            table.put(ABSENT, right(two, Kind.ABSENT, seed));
            table.put(EXCHANGED, right(two, Kind.EXCHANGED, seed));
        }
        plot(setting, table);
        return section(table);
    }

    private double right(LanguageModel model, Kind kind, long seed) {
        return RecallRecipe.accuracy(
                model,
                recipe.associations()
                        .withRounds(1)
                        .batch(tests, kind, Rng.of(seed).at("tests").at(kind.name())));
    }

    String section(SeedTable table) {
        double shown = 1.0 / recipe.associations().pairs();
        double guessed = 1.0 / recipe.associations().keys();
        return new Section("Associative recall", prediction())
                .add(table.markdown())
                .claim("Two layers are right in more than 95 of 100", table.of(TWO, RIGHT), 0.95)
                .claim("They are better than one layer, by", table.difference(TWO, ONE, RIGHT), 0)
                .claim(
                        "One layer does little better than to name a value that was shown, by 0.1 at most; it does by",
                        over(table.of(ONE, RIGHT), shown),
                        table.of(ONE, RIGHT).mean() + table.of(ONE, RIGHT).half() < shown + 0.1)
                .control(
                        "of keys that were not there, no more are right than by chance; the difference",
                        over(table.of(ABSENT, RIGHT), guessed),
                        over(table.of(TWO, RIGHT), guessed))
                .control(
                        "nor with the values exchanged; the difference",
                        over(table.of(EXCHANGED, RIGHT), guessed),
                        over(table.of(TWO, RIGHT), guessed))
                .toString();
    }

    private static Interval over(Interval share, double chance) {
        return new Interval(share.mean() - chance, share.half());
    }

    private static void plot(LabSetting setting, SeedTable table) {
        LabPlot plot = new LabPlot(new Labels("Associative recall", "row of the table", "share of right answers"));
        List<String> names = List.of(TWO, ONE, ABSENT, EXCHANGED);
        for (int i = 0; i < names.size(); i++) {
            double mean = table.of(names.get(i), RIGHT).mean();
            double half = table.of(names.get(i), RIGHT).half();
            plot.curve(
                    names.get(i),
                    new Curve(new double[] {i + 0.9, i + 1.1}, new double[] {mean, mean}, new double[] {half, half}));
        }
        plot.write(setting.folder().path().resolve("recall.png"));
    }
}
