package gradus.lessons.lab.induction;

import static gradus.error.ConfigException.require;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Positions;
import gradus.lessons.lab.induction.Repeats.Rows;
import gradus.lessons.lab.material.FreshBatches;
import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.material.Training;
import gradus.tensor.random.Rng;
import gradus.train.StepReport;
import gradus.train.TrainingListener;
import gradus.train.checkpoint.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// A model of attention alone that learns sequences which repeat, drawn anew for every step, and is measured on the
/// way.
///
/// @param repeats  what it learns
/// @param layers   L
/// @param heads    H
/// @param dim      C, channels
/// @param batch    sequences of a step
/// @param training of it
/// @param measures how many there are on the way
/// @param tests    sequences that it is measured by
record InductionRecipe(
        Repeats repeats, int layers, int heads, int dim, int batch, Training training, int measures, int tests)
        implements Recipe {
    private static final double THETA = 1e3;
    private static final int LOOKED_INTO = 8; // sequences whose attention is read

    /// @throws gradus.error.ConfigException if there is nothing to measure
    InductionRecipe {
        require(
                batch >= 1 && tests >= 1 && measures >= 1,
                "batch, tests and measures must be at least 1; got %d, %d and %d",
                batch,
                tests,
                measures);
    }

    InductionRecipe withLayers(int other) {
        return new InductionRecipe(repeats, other, heads, dim, batch, training, measures, tests);
    }

    @Override
    public String name() {
        return "attention-only-" + layers;
    }

    /// The sequences that all models of a seed are measured by.
    Rows tests(boolean repeating, long seed) {
        return repeats.draw(tests, repeating, Rng.of(seed).at(repeating ? "tests" : "random"));
    }

    /// With random weights.
    Gpt model(long seed) {
        GptConfig size = new GptConfig(repeats.vocabulary(), repeats.length(), layers, heads, dim, 0)
                .withPosition(new Positions.Rope(THETA));
        return new Gpt(size, AttentionBlock::new, Rng.of(seed).at("model"));
    }

    /// @return [InductionCourse]
    @Override
    public Map<String, ?> train(Path folder, long seed, Consumer<String> say) {
        Gpt model = model(seed);
        Rows rows = tests(true, seed);
        Rows random = tests(false, seed);
        List<InductionCourse.Point> points = new ArrayList<>(List.of(point(model, rows, 0)));
        int every = Math.max(1, training.steps() / measures);
        Rng lessons = Rng.of(seed).at("lessons");
        training.run(
                new FreshBatches(
                        model,
                        step -> repeats.draw(batch, true, lessons.at(step)).batch(),
                        "repeats"),
                Rng.of(seed).at("training").bits(0),
                new TrainingListener() {
                    @Override
                    public void onStep(StepReport report) {
                        if (report.step() % every == 0 || report.step() == training.steps()) {
                            points.add(point(model, rows, report.step()));
                        }
                    }
                });
        Weights.save(folder.resolve("weights.safetensors"), model);
        RepeatLoss exact = RepeatLoss.exact(repeats, rows);
        RepeatLoss unrepeated = RepeatLoss.of(model, random);
        say.accept(String.format(
                Locale.ROOT,
                "%s, seed %d: loss of the repeat %.4f, at best %.4f",
                name(),
                seed,
                points.getLast().loss().second(),
                exact.second()));
        return Map.of(
                "points", points, "exact", exact, "random", unrepeated, "without", WithoutHead.losses(model, rows));
    }

    private static InductionCourse.Point point(Gpt model, Rows rows, int step) {
        boolean training = model.training();
        model.eval();
        InductionCourse.Point point = new InductionCourse.Point(
                step, RepeatLoss.of(model, rows), HeadScores.of(model, rows.first(LOOKED_INTO)));
        if (training) {
            model.train();
        }
        return point;
    }
}
