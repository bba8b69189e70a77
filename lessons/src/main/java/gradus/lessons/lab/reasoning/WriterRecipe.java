package gradus.lessons.lab.reasoning;

import static gradus.error.ConfigException.require;

import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.config.GptConfig;
import gradus.lessons.lab.material.FreshBatches;
import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.material.Training;
import gradus.lessons.lab.option.LabProgress;
import gradus.tensor.random.Rng;
import gradus.train.checkpoint.Weights;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/// A model that writes texts of a [ChainSource]; target and draft of a seed learn the same texts.
///
/// @param role     what it is called, `target` or `draft`
/// @param tokens   V
/// @param context  the longest text
/// @param layers   L
/// @param channels C
/// @param training of the model
/// @param batch    texts of a step
record WriterRecipe(String role, int tokens, int context, int layers, int channels, Training training, int batch)
        implements Recipe {
    private static final String WEIGHTS = "weights.safetensors";
    private static final int HEADS = 4;

    /// @throws gradus.error.ConfigException if there is no text
    WriterRecipe {
        require(batch >= 1, "batch must be at least 1; got %d", batch);
    }

    /// Six layers of 64 channels.
    static WriterRecipe target() {
        return new WriterRecipe("target", 4, 64, 6, 64, new Training(120, 4e-3), 16);
    }

    /// One layer of 64 channels, a sixth of the target.
    static WriterRecipe draft() {
        return new WriterRecipe("draft", 4, 64, 1, 64, new Training(120, 4e-3), 16);
    }

    @Override
    public String name() {
        return "writer-" + role;
    }

    private Gpt model(long seed) {
        return new Gpt(
                new GptConfig(tokens, context, layers, HEADS, channels, 0),
                Rng.of(seed).at(name()).at("weights"));
    }

    /// The trained model in its folder.
    LanguageModel open(Path folder, long seed) {
        Gpt model = model(seed);
        Weights.load(folder.resolve(WEIGHTS), model);
        return model.eval();
    }

    @Override
    public Map<String, ?> train(Path folder, long seed, Consumer<String> say) {
        Rng rng = Rng.of(seed).at("writer");
        ChainSource source = new ChainSource(tokens, rng.at("source"));
        Gpt model = model(seed);
        FreshBatches task = new FreshBatches(
                model, step -> source.batch(batch, context, rng.at("texts").at(step)), "writer");
        training.run(task, seed, new LabProgress(training.steps(), say));
        Weights.save(folder.resolve(WEIGHTS), model);
        return Map.of("parameters", model.parameterCount());
    }
}
