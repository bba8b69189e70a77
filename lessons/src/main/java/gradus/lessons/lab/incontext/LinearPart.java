package gradus.lessons.lab.incontext;

import static gradus.error.ConfigException.require;

import gradus.lessons.lab.incontext.LinearFunctions.Drawn;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// Part `linear`: a model that has never been told how to fit a line learns linear functions from examples in
/// its prompt. Garg et al. 2022, arXiv:2208.01066; there 20 dimensions, 12 layers and 500,000 steps.
///
/// @param recipe of the model
/// @param tests  sequences that it is measured by
public record LinearPart(LinearRecipe recipe, int tests) implements LabPart {
    private static final String MODEL = "the model";
    private static final String SHORTEST = "least squares, shortest";
    private static final String RIDGE = "ridge, λ = σ²: the best there is";
    private static final String ZERO = "always 0";
    private static final String SHUFFLED = "the model, y shuffled among the examples";

    /// @throws gradus.error.ConfigException if there is no sequence
    public LinearPart {
        require(tests >= 1, "there must be a sequence to measure by at least; got %d", tests);
    }

    /// As the lab runs it.
    public static LinearPart standard() {
        return new LinearPart(LinearRecipe.standard(), 400);
    }

    @Override
    public String name() {
        return "linear";
    }

    @Override
    public String about() {
        return "linear functions in context, against least squares";
    }

    @Override
    public String prediction() {
        return """
                A model that reads examples (x, y) of one linear function and then a further x should say y as \
                well as least squares does from the same examples, though it has only ever predicted numbers. \
                With noise, the best possible answer is known: ridge regression with λ = σ². The model should \
                come within a quarter of the way from it to a predictor that always says 0. If each y stands at \
                another x, examples should help nobody.""";
    }

    @Override
    public List<Recipe> recipes() {
        return List.of(recipe);
    }

    @Override
    public String run(LabSetting setting) {
        int most = recipe.functions().points() - 1;
        String[] counts =
                IntStream.rangeClosed(0, most).mapToObj(Integer::toString).toArray(String[]::new);
        SeedTable table = new SeedTable("squared error by number of examples", 2, counts);
        for (long seed : setting.seeds()) {
            LinearLearner model = recipe.open(setting.material().folder(recipe, seed), seed);
            Rng rng = Rng.of(seed).at("tests");
            List<Drawn> drawn = new ArrayList<>();
            for (int i = 0; i < tests; i++) {
                drawn.add(recipe.functions().draw(rng.at(i)));
            }
            double lambda = recipe.functions().noise() * recipe.functions().noise();
            double[][] own = LinearRecipe.predictions(model, drawn);
            table.put(MODEL, errors(drawn, (i, k) -> own[i][k]));
            table.put(RIDGE, errors(drawn, (i, k) -> ridge(drawn.get(i), k, lambda)));
            table.put(SHORTEST, errors(drawn, (i, k) -> shortest(drawn.get(i), k)));
            table.put(ZERO, errors(drawn, (i, k) -> 0));
            table.put(SHUFFLED, shuffled(model, drawn));
            setting.say().accept("linear, seed " + seed + " is done");
        }
        plot(setting, table, counts);
        return section(table, Integer.toString(most));
    }

    private interface Prediction {
        double of(int sequence, int examples);
    }

    private static double ridge(Drawn one, int count, double lambda) {
        return LeastSquares.ridge(one.x(), one.y(), count, lambda, one.x()[count]);
    }

    /// Where the examples are about as many as the dimensions, the shortest solution fits the noise with
    /// weights as large as it takes: the squared error has no mean, and none is given.
    private static double shortest(Drawn one, int count) {
        return Math.abs(count - one.x()[0].length) <= 1
                ? Double.NaN
                : LeastSquares.shortest(one.x(), one.y(), count, one.x()[count]);
    }

    /// The mean of squares, by number of examples.
    private static double[] errors(List<Drawn> drawn, Prediction prediction) {
        double[] errors = new double[drawn.getFirst().y().length];
        for (int k = 0; k < errors.length; k++) {
            for (int i = 0; i < drawn.size(); i++) {
                double error = prediction.of(i, k) - drawn.get(i).y()[k];
                errors[k] += error * error / drawn.size();
            }
        }
        return errors;
    }

    /// With each y at the example behind its own, the last one's at the first: 2 examples at least.
    private static double[] shuffled(LinearLearner model, List<Drawn> drawn) {
        int points = drawn.getFirst().y().length;
        double[] errors = new double[points];
        for (int k = 0; k < points; k++) {
            if (k < 2) {
                errors[k] = Double.NaN;
                continue;
            }
            List<Drawn> moved = new ArrayList<>();
            for (Drawn one : drawn) {
                moved.add(new Drawn(one.x(), moved(one.y(), k)));
            }
            double[][] predicted = LinearRecipe.predictions(model, moved);
            for (int i = 0; i < drawn.size(); i++) {
                double error = predicted[i][k] - drawn.get(i).y()[k];
                errors[k] += error * error / drawn.size();
            }
        }
        return errors;
    }

    /// The first k numbers, each at the place behind its own, the k-th at the first.
    static double[] moved(double[] y, int k) {
        double[] moved = y.clone();
        for (int i = 0; i < k; i++) {
            moved[(i + 1) % k] = y[i];
        }
        return moved;
    }

    String section(SeedTable table, String most) {
        String few = Integer.toString(
                Math.min(2 * recipe.functions().dim(), recipe.functions().points() - 1));
        Interval ridge = table.of(RIDGE, most);
        Interval gap = table.difference(MODEL, RIDGE, most);
        double share = 0.25 * (recipe.functions().ofZero() - ridge.mean());
        return new Section("Linear functions in context", prediction())
                .add(table.markdown()
                        + "\nWhere the examples are about as many as the dimensions, the squared error of the shortest"
                        + " solution has no mean: it fits the noise.")
                .claim(
                        "With " + most + " examples the model's error is below that of always 0, by",
                        table.difference(ZERO, MODEL, most),
                        0)
                .claim(
                        String.format(
                                Locale.ROOT,
                                "It exceeds that of ridge regression by less than %.2f, a quarter of what examples can"
                                        + " give; by",
                                share),
                        gap,
                        gap.mean() + gap.half() < share)
                .claim(
                        "With " + few + " noisy examples it is better than the shortest solution of least squares, by",
                        table.difference(SHORTEST, MODEL, few),
                        0)
                .control(
                        "with y shuffled among " + most + " examples, the error is not below that of always 0; the"
                                + " difference",
                        table.difference(ZERO, SHUFFLED, most),
                        table.difference(ZERO, MODEL, most))
                .toString();
    }

    private static void plot(LabSetting setting, SeedTable table, String... counts) {
        LabPlot plot = new LabPlot(new Labels("Linear functions in context", "examples", "squared error"));
        double[] x = IntStream.range(0, counts.length).asDoubleStream().toArray();
        for (String name : List.of(MODEL, RIDGE, ZERO, SHUFFLED)) {
            double[] mean = new double[x.length];
            double[] half = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                mean[i] = table.of(name, counts[i]).mean();
                half[i] = table.of(name, counts[i]).half();
            }
            plot.curve(name, new Curve(x, mean, half));
        }
        plot.write(setting.folder().path().resolve("linear.png"));
    }
}
