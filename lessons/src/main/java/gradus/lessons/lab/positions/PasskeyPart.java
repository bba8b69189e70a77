package gradus.lessons.lab.positions;

import static gradus.error.ConfigException.require;

import gradus.layers.model.Gpt;
import gradus.lessons.lab.material.LabPart;
import gradus.lessons.lab.material.LabSetting;
import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import gradus.lessons.learn.picture.HeatMap;
import gradus.tensor.random.Rng;
import gradus.train.run.compare.Interval;
import gradus.train.run.length.LongerModel;
import gradus.train.run.length.PositionScale;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Part `passkey`: models that learned to find a key in short texts look for it in longer ones, by how deep it
/// stands.
///
/// @param plan  of the models
/// @param texts of each length and depth
record PasskeyPart(LengthPlan plan, int texts) implements LabPart {
    /// Where the key stands, in parts of the filler.
    static final double[] DEPTHS = {0, 0.25, 0.5, 0.75, 1};

    private static final String YARN = "rope, yarn:4";
    private static final int FOUR = 2; // of the factors
    private static final int LAST = DEPTHS.length - 1;
    private static final int PERCENT = 100;
    private static final double WELL = 0.9;

    /// @throws gradus.error.ConfigException if there is no text
    PasskeyPart {
        require(texts >= 1, "there must be a text to measure by at least; got %s", texts);
    }

    @Override
    public String name() {
        return "passkey";
    }

    @Override
    public String about() {
        return "a key found in longer texts, by depth and length";
    }

    @Override
    public String prediction() {
        return """
                Models learn to answer `What is the pass key ?` about texts of up to %s words, of which all but the \
                key of three digits is filler; guessing finds one in 1,000. At this length rotary positions should \
                find at least %s of the keys. At 4× YaRN should still find as many, and more than plain rotations. \
                ALiBi, whose loss does not suffer there, should not: its bias hides what stands far back, so it \
                finds keys at the end of the filler and none at its beginning. Learned positions refuse.""".formatted(plan.context(), WELL);
    }

    @Override
    public List<Recipe> recipes() {
        return PositionKinds.trained().stream()
                .<Recipe>map(position -> new PasskeyRecipe(plan, position))
                .toList();
    }

    /// A kind of position with what is done to it.
    private record Way(String position, Optional<PositionScale> scale) {
        String shown() {
            return position
                    + scale.map(each -> ", " + PositionKinds.shown(each)).orElse("");
        }
    }

    private List<Way> ways() {
        List<Way> ways = new ArrayList<>();
        for (String position : PositionKinds.trained()) {
            ways.add(new Way(position, Optional.empty()));
            if (position.equals(PositionKinds.ROPE)) {
                PositionKinds.stretches(StretchPart.FACTOR, plan.context())
                        .forEach(scale -> ways.add(new Way(position, Optional.of(scale))));
            }
        }
        return ways;
    }

    /// A column for each length and depth, and the mean over depths of each length.
    private String[] columns() {
        List<String> columns = new ArrayList<>();
        for (int factor : LengthPlan.FACTORS) {
            for (double depth : DEPTHS) {
                columns.add(cell(factor, depth));
            }
            columns.add(all(factor));
        }
        return columns.toArray(String[]::new);
    }

    private String cell(int factor, double depth) {
        return factor * plan.context() + " @ " + Math.round(PERCENT * depth) + " %";
    }

    private String all(int factor) {
        return Integer.toString(factor * plan.context());
    }

    @Override
    public String run(LabSetting setting) {
        SeedTable table = new SeedTable("position", 2, columns());
        for (long seed : setting.seeds()) {
            for (Way way : ways()) {
                PasskeyRecipe recipe = new PasskeyRecipe(plan, way.position);
                Gpt model = recipe.open(setting.material().folder(recipe, seed));
                Optional<String> refusal = PositionKinds.refusal(model, recipe.config(), plan.context() + 1);
                table.put(way.shown(), measured(model, recipe, way, refusal.isPresent(), seed));
            }
            setting.say().accept("passkey, seed " + seed + " is done");
        }
        picture(setting, table);
        return section(table);
    }

    private double[] measured(Gpt model, PasskeyRecipe recipe, Way way, boolean refuses, long seed) {
        List<Double> values = new ArrayList<>();
        for (int factor : LengthPlan.FACTORS) {
            int length = factor * plan.context();
            Gpt longer = refuses && factor > 1 ? null : LongerModel.of(model, recipe.config(), length, way.scale);
            double sum = 0;
            for (double depth : DEPTHS) {
                Rng rng = Rng.of(seed).at("tests").at(length).at(Math.round(PERCENT * depth));
                double found = longer == null ? Double.NaN : PasskeyRecipe.found(longer, length, depth, texts, rng);
                values.add(found);
                sum += found;
            }
            values.add(sum / DEPTHS.length);
        }
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private String section(SeedTable table) {
        String four = all(LengthPlan.FACTORS[FOUR]);
        String rope = PositionKinds.ROPE;
        Interval yarn = table.of(YARN, four);
        Interval trained = table.of(rope, all(1));
        Section section = new Section("A passkey in longer texts", prediction());
        for (int i = 0; i < LengthPlan.FACTORS.length; i++) {
            section.add(block(table, i));
        }
        Interval near = table.of("alibi", cell(LengthPlan.FACTORS[FOUR], DEPTHS[LAST]));
        Interval far = table.of("alibi", cell(LengthPlan.FACTORS[FOUR], DEPTHS[0]));
        return section.claim(
                        "At the trained length plain rotations find at least " + WELL,
                        trained,
                        trained.mean() - trained.half() >= WELL)
                .claim("At 4× YaRN finds at least " + WELL, yarn, yarn.mean() - yarn.half() >= WELL)
                .claim("At 4× YaRN finds more than plain rotations, by", table.difference(YARN, rope, four), 0)
                .claim(
                        String.format(
                                Locale.ROOT,
                                "At 4× ALiBi finds keys at the end of the filler but not at its beginning (%.2f and %.2f); the"
                                        + " difference",
                                near.mean(),
                                far.mean()),
                        difference(table),
                        0.5)
                .toString();
    }

    /// By how much ALiBi finds more keys at the end than at the beginning, seed by seed.
    private Interval difference(SeedTable table) {
        String near = cell(LengthPlan.FACTORS[FOUR], DEPTHS[LAST]);
        String far = cell(LengthPlan.FACTORS[FOUR], DEPTHS[0]);
        SeedTable both = new SeedTable("", 2, "found");
        for (int seed = 0; seed < table.seeds(); seed++) {
            both.put("near", table.at("alibi", near, seed));
            both.put("far", table.at("alibi", far, seed));
        }
        return both.difference("near", "far", "found");
    }

    /// The table of one length.
    private String block(SeedTable table, int factor) {
        int times = LengthPlan.FACTORS[factor];
        List<String> columns = new ArrayList<>();
        for (double depth : DEPTHS) {
            columns.add(cell(times, depth));
        }
        columns.add(all(times));
        return "Share of keys found in texts of %s words (%s×), by how deep the key stands in the filler; the last column has all depths:\n\n"
                        .formatted(times * plan.context(), times)
                + table.markdown(columns);
    }

    private void picture(LabSetting setting, SeedTable table) {
        List<String> columns = new ArrayList<>();
        for (int factor : LengthPlan.FACTORS) {
            for (double depth : DEPTHS) {
                columns.add(cell(factor, depth));
            }
        }
        double[][] cells = table.rows().stream()
                .map(row -> columns.stream()
                        .mapToDouble(column -> table.of(row, column).mean())
                        .map(mean -> Double.isNaN(mean) ? 0 : mean)
                        .toArray())
                .toArray(double[][]::new);
        byte[] png = HeatMap.of("Keys found, by words of the text and depth (0 where the model refuses)", cells)
                .labels(table.rows(), columns)
                .png(1800, 1000);
        setting.folder().write("passkey.png", png);
    }
}
