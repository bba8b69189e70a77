package gradus.lessons.lab.incontext;

import static gradus.error.ConfigException.require;

import gradus.layers.model.LanguageModel;
import gradus.layers.model.Qwen2;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.position.PlainFrequencies;
import gradus.lessons.lab.incontext.Associations.Kind;
import gradus.lessons.lab.material.FreshBatches;
import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.material.Training;
import gradus.lessons.lab.option.LabProgress;
import gradus.lessons.retrieve.reader.LookBack;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.train.checkpoint.Weights;
import gradus.train.task.Batch;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/// A model that recalls the values of keys. Three of the four heads of its first layer [LookBack] from the
/// beginning: each value knows its key at once, and what is left to learn is to look it up.
///
/// @param associations what it learns to recall; it is measured by one round
/// @param layers       L
/// @param channels     C
/// @param training     of the model
/// @param batch        sequences of a step
record RecallRecipe(Associations associations, int layers, int channels, Training training, int batch)
        implements Recipe {
    private static final String WEIGHTS = "weights.safetensors";
    private static final double THETA = 1e4;
    private static final int[] LOOK_BACK = {1, 2, 3, 0};

    /// @throws gradus.error.ConfigException if there is no sequence
    RecallRecipe {
        require(batch >= 1, "batch must be at least 1; got %d", batch);
    }

    /// Six keys, 3 pairs, all of them asked for five times, two layers. With 16 keys and 4 pairs, 500 steps are
    /// not enough.
    static RecallRecipe standard() {
        return new RecallRecipe(new Associations(6, 3, 3, 5), 2, 64, new Training(500, 6e-3), 64);
    }

    RecallRecipe withLayers(int other) {
        return new RecallRecipe(associations, other, channels, training, batch);
    }

    @Override
    public String name() {
        return "recall-" + layers;
    }

    private Qwen2 model(long seed) {
        LlamaConfig size = LlamaConfig.of(channels, LOOK_BACK.length, layers)
                .withVocabSize(associations.vocabulary())
                .withContext(associations.length())
                .withFrequencies(new PlainFrequencies(THETA))
                .withHidden(2 * channels)
                .withTied(true);
        Qwen2 model = new Qwen2(size, Rng.of(seed).at(name()).at("weights"));
        LookBack.set(model, LOOK_BACK);
        return model;
    }

    /// The trained model in its folder.
    LanguageModel open(Path folder, long seed) {
        Qwen2 model = model(seed);
        Weights.load(folder.resolve(WEIGHTS), model);
        return model.eval();
    }

    @Override
    public Map<String, ?> train(Path folder, long seed, Consumer<String> say) {
        Qwen2 model = model(seed);
        Rng rng = Rng.of(seed).at("recall").at("lessons");
        FreshBatches task =
                new FreshBatches(model, step -> associations.batch(batch, Kind.PLAIN, rng.at(step)), "recall");
        training.run(task, seed, new LabProgress(training.steps(), say));
        Weights.save(folder.resolve(WEIGHTS), model);
        return Map.of();
    }

    /// The share of queries behind which the likeliest token is the value.
    static double accuracy(LanguageModel model, Batch tests) {
        float[] logits;
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            logits = model.forward(tests.inputs()).toFloatArray(); // (N, T - 1, V)
        }
        Indices targets = tests.targets();
        int vocabulary = model.vocabSize();
        double right = 0;
        for (int place = 0; place < targets.size(); place++) {
            int target = targets.values()[place];
            if (target < 0) {
                continue;
            }
            int best = 0;
            for (int v = 1; v < vocabulary; v++) {
                best = logits[place * vocabulary + v] > logits[place * vocabulary + best] ? v : best;
            }
            right += best == target ? 1 : 0;
        }
        return right / tests.counted();
    }
}
