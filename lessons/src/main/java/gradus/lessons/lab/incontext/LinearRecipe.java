package gradus.lessons.lab.incontext;

import static gradus.error.ConfigException.require;

import gradus.layers.loss.MeanSquaredError;
import gradus.lessons.lab.incontext.LinearFunctions.Drawn;
import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.material.Training;
import gradus.lessons.lab.option.LabProgress;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.checkpoint.Weights;
import gradus.train.task.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// A model that learns linear functions in context.
///
/// @param functions that it learns, new ones in every step
/// @param layers    L
/// @param channels  C
/// @param training  of the model
/// @param batch     sequences of a step
record LinearRecipe(LinearFunctions functions, int layers, int channels, Training training, int batch)
        implements Recipe {
    private static final String WEIGHTS = "weights.safetensors";

    /// @throws gradus.error.ConfigException if there is no sequence
    LinearRecipe {
        require(batch >= 1, "batch must be at least 1; got %d", batch);
    }

    /// Three dimensions, up to 10 examples, noise of a half.
    static LinearRecipe standard() {
        return new LinearRecipe(new LinearFunctions(3, 11, 0.5), 3, 64, new Training(450, 3e-3), 64);
    }

    @Override
    public String name() {
        return "linear";
    }

    private LinearLearner model(long seed) {
        return new LinearLearner(
                functions.dim(), layers, channels, Rng.of(seed).at(name()).at("weights"));
    }

    /// The trained model in its folder.
    LinearLearner open(Path folder, long seed) {
        LinearLearner model = model(seed);
        Weights.load(folder.resolve(WEIGHTS), model);
        return model.eval();
    }

    @Override
    public Map<String, ?> train(Path folder, long seed, Consumer<String> say) {
        LinearLearner model = model(seed);
        Rng rng = Rng.of(seed).at(name()).at("lessons");
        training.run(new Lessons(model, rng), seed, new LabProgress(training.steps(), say));
        Weights.save(folder.resolve(WEIGHTS), model);
        return Map.of();
    }

    private final class Lessons implements Task {
        private final LinearLearner model;
        private final Rng rng;

        Lessons(LinearLearner model, Rng rng) {
            this.model = model;
            this.rng = rng;
        }

        @Override
        public LinearLearner model() {
            return model;
        }

        @Override
        public List<Part> parts(int step) {
            List<Drawn> drawn = new ArrayList<>();
            for (int i = 0; i < batch; i++) {
                drawn.add(functions.draw(rng.at(step).at(i)));
            }
            return List.of(new Sequences(drawn));
        }

        @Override
        public String fingerprint() {
            return name();
        }

        private final class Sequences implements Part {
            private final List<Drawn> drawn;

            Sequences(List<Drawn> drawn) {
                this.drawn = drawn;
            }

            @Override
            public long counted() {
                return tokens();
            }

            @Override
            public long tokens() {
                return (long) drawn.size() * functions.points();
            }

            @Override
            public Tensor loss() {
                float[] targets = new float[(int) tokens()];
                for (int i = 0; i < targets.length; i++) {
                    targets[i] = (float) drawn.get(i / functions.points()).y()[i % functions.points()];
                }
                Tensor y = Tensor.of(targets, drawn.size(), functions.points(), 1); // (B, T, 1)
                return MeanSquaredError.of(model.forward(places(drawn)), y); // ()
            }
        }
    }

    /// What the model reads of sequences.
    ///
    /// **Shapes** N sequences (T) → (N, T, 2d + 1)
    static Tensor places(List<Drawn> drawn) {
        int time = drawn.getFirst().y().length;
        int dim = drawn.getFirst().x()[0].length;
        int width = LinearLearner.inputs(dim);
        float[] z = new float[drawn.size() * time * width];
        for (int i = 0; i < drawn.size(); i++) {
            Drawn one = drawn.get(i);
            for (int t = 0; t < time; t++) {
                int at = (i * time + t) * width;
                for (int j = 0; j < dim; j++) {
                    z[at + j] = (float) one.x()[t][j];
                    z[at + dim + j] = t == 0 ? 0 : (float) one.x()[t - 1][j];
                }
                z[at + 2 * dim] = t == 0 ? 0 : (float) one.y()[t - 1];
            }
        }
        return Tensor.of(z, drawn.size(), time, width);
    }

    /// What the model predicts at each place.
    ///
    /// **Shapes** N sequences (T) → (N, T)
    static double[][] predictions(LinearLearner model, List<Drawn> drawn) {
        double[] all;
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            all = model.forward(places(drawn)).toArray(); // (N, T, 1)
        }
        int time = all.length / drawn.size();
        double[][] rows = new double[drawn.size()][time];
        for (int i = 0; i < all.length; i++) {
            rows[i / time][i % time] = all[i];
        }
        return rows;
    }
}
