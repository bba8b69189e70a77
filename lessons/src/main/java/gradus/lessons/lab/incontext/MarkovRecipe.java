package gradus.lessons.lab.incontext;

import static gradus.error.ConfigException.require;

import gradus.lessons.lab.incontext.MarkovTrial.Point;
import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.material.Training;
import gradus.tensor.random.Rng;
import gradus.train.checkpoint.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// A model that learns Markov chains in context; on its way its distance from each [Strategy] is measured, and
/// kept with it.
///
/// @param states      k of the chains
/// @param length      T of a sequence
/// @param independent whether the tokens of the lessons do not depend on each other
/// @param layers      L of the model
/// @param dim         C, channels
/// @param training    of the model
/// @param batch       sequences of a step
/// @param tests       sequences of chains that it is measured by, whatever it learns
record MarkovRecipe(
        int states, int length, boolean independent, int layers, int dim, Training training, int batch, int tests)
        implements Recipe {
    private static final List<Integer> PARTS = List.of(1, 2, 4, 6, 8, 12, 16, 20, 28, 36, 44, 52, 60, 80, 100);
    private static final int WHOLE = 100;

    /// @throws gradus.error.ConfigException if there is no sequence
    MarkovRecipe {
        require(batch >= 1 && tests >= 1, "batch and tests must be at least 1; got %d and %d", batch, tests);
    }

    /// Three states, 48 tokens, two layers.
    static MarkovRecipe standard() {
        return new MarkovRecipe(3, 48, false, 2, 32, new Training(700, 3e-3), 32, 100);
    }

    MarkovRecipe withLayers(int other) {
        return new MarkovRecipe(states, length, independent, other, dim, training, batch, tests);
    }

    MarkovRecipe ofIndependent() {
        return new MarkovRecipe(states, length, true, layers, dim, training, batch, tests);
    }

    @Override
    public String name() {
        return "markov-" + layers + (independent ? "-independent" : "");
    }

    /// The sequences that all models of a seed are measured by.
    int[][] tests(long seed) {
        return new MarkovSequences(states, length, false)
                .draw(tests, Rng.of(seed).at("tests"));
    }

    @Override
    public Map<String, ?> train(Path folder, long seed, Consumer<String> say) {
        MarkovTrial trial = new MarkovTrial(this, tests(seed), Rng.of(seed).at("markov"));
        List<Integer> steps = PARTS.stream()
                .map(part -> Math.max(1, part * training.steps() / WHOLE))
                .distinct()
                .toList();
        List<Point> points = trial.run(steps);
        Weights.save(folder.resolve("weights.safetensors"), trial.model());
        Map<String, List<Double>> measured = new LinkedHashMap<>();
        for (Point point : points) {
            add(measured, "step", point.step());
            add(measured, "loss", point.loss());
            for (Strategy strategy : Strategy.values()) {
                add(measured, strategy.shown(), point.distance().get(strategy));
            }
        }
        say.accept("%s, seed %s: loss %s"
                .formatted(name(), seed, (float) points.getLast().loss()));
        return measured;
    }

    private static void add(Map<String, List<Double>> measured, String name, double value) {
        measured.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    }
}
