package gradus.lessons.lab.positions;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.lessons.lab.material.Recipe;
import gradus.tensor.random.Rng;
import gradus.train.TrainingListener;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.checkpoint.Weights;
import gradus.train.task.LanguageModelling;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A model of a kind of position that learns a text at the trained length.
///
/// @param sizes    of the model, and its training
/// @param text     that it learns
/// @param position its name
record TextRecipe(LengthPlan sizes, PositionText text, String position) implements Recipe {
    private static final String WEIGHTS = "weights.safetensors";

    @Override
    public String name() {
        return "text-" + position;
    }

    @Override
    public JsonNode plan() {
        return CheckpointJson.object()
                .put("text", text.name())
                .put("vocabulary", text.vocabulary())
                .set("sizes", JsonMapper.shared().valueToTree(sizes));
    }

    GptConfig config() {
        return sizes.config(text.vocabulary(), position);
    }

    /// The trained model in its folder.
    Gpt open(Path folder) {
        Gpt model = new Gpt(config(), Rng.of(0));
        Weights.load(folder.resolve(WEIGHTS), model);
        return model.eval();
    }

    @Override
    public Map<String, ?> train(Path folder, long seed, Consumer<String> say) {
        Rng rng = Rng.of(seed).at("text");
        Gpt model = new Gpt(config(), rng.at("weights"));
        LanguageModelling task = new LanguageModelling(
                model, text.split(), new LanguageModelling.Sizes(sizes.batch(), 1), rng.at("batches"));
        sizes.training().run(task, seed, new TrainingListener() {});
        Weights.save(folder.resolve(WEIGHTS), model);
        return Map.of();
    }
}
