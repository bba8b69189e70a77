package gradus.lessons.lab.positions;

import static gradus.error.ConfigException.require;

import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.config.GptConfig;
import gradus.lessons.lab.material.FreshBatches;
import gradus.lessons.lab.material.Recipe;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.random.Rng;
import gradus.train.TrainingListener;
import gradus.train.checkpoint.Weights;
import gradus.train.task.Batch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// A model of a kind of position that learns to find passkeys in short texts: of every length up to its context,
/// at every depth.
///
/// @param sizes    its size and its training
/// @param position its name
record PasskeyRecipe(LengthPlan sizes, String position) implements Recipe {
    private static final String WEIGHTS = "weights.safetensors";
    private static final int AT_ONCE = 10; // texts of a forward pass

    /// @throws gradus.error.ConfigException if no text fits
    PasskeyRecipe {
        require(
                sizes.context() >= PasskeyText.SHORTEST,
                "a context of %d holds no passkey; it takes %d",
                sizes.context(),
                PasskeyText.SHORTEST);
    }

    @Override
    public String name() {
        return "passkey-" + position;
    }

    GptConfig config() {
        return sizes.config(PasskeyText.vocabulary(), position);
    }

    /// The trained model in its folder.
    Gpt open(Path folder) {
        Gpt model = new Gpt(config(), Rng.of(0));
        Weights.load(folder.resolve(WEIGHTS), model);
        return model.eval();
    }

    private Batch lesson(Rng rng) {
        int length = PasskeyText.SHORTEST + rng.index(0, sizes.context() - PasskeyText.SHORTEST + 1);
        double[] depths = IntStream.rangeClosed(1, sizes.batch())
                .mapToDouble(i -> rng.uniform(i))
                .toArray();
        return PasskeyText.batch(length, depths, rng);
    }

    @Override
    public Map<String, ?> train(Path folder, long seed, Consumer<String> say) {
        Rng rng = Rng.of(seed).at("passkey");
        Gpt model = new Gpt(config(), rng.at("weights"));
        FreshBatches task =
                new FreshBatches(model, step -> lesson(rng.at("lessons").at(step)), "passkey");
        sizes.training().run(task, seed, new TrainingListener() {});
        Weights.save(folder.resolve(WEIGHTS), model);
        return Map.of();
    }

    /// The share of keys that are found.
    ///
    /// @param model in evaluation, with room for the length
    /// @param texts how many are drawn, rounded up to tens
    static double found(LanguageModel model, int length, double depth, int texts, Rng rng) {
        double[] depths = new double[AT_ONCE];
        Arrays.fill(depths, depth);
        int rounds = (texts + AT_ONCE - 1) / AT_ONCE;
        double sum = 0;
        for (int i = 0; i < rounds; i++) {
            Batch batch = PasskeyText.batch(length, depths, rng.at(i));
            try (var pause = Autograd.noGrad();
                    var scope = Scope.open()) {
                sum += PasskeyText.found(model.forward(batch.inputs()).toFloatArray(), batch);
            }
        }
        return sum / rounds;
    }
}
