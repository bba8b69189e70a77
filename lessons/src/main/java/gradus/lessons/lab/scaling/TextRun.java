package gradus.lessons.lab.scaling;

import static gradus.error.ConfigException.require;

import gradus.layers.model.Gpt;
import gradus.lessons.lab.material.GptSize;
import gradus.lessons.lab.material.HeldOutText;
import gradus.lessons.lab.material.Recipe;
import gradus.tensor.random.Rng;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingResult;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.checkpoint.Weights;
import gradus.train.optimizer.OptimizerKind;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One training on text: a GPT of a size sees some tokens. Its rate rises for a twentieth of the steps and
/// falls to a tenth by a cosine that ends with the training: Hoffmann et al. 2022 found that a longer cosine
/// makes a run look worse than its size and tokens are.
///
/// @param size    of the model
/// @param steps   of training
/// @param setting of all runs
/// @param text    what is learned
public record TextRun(GptSize size, int steps, Setting setting, HeldOutText text) implements Recipe {
    private static final double OPERATIONS = 6; // of a weight for a token: 2 forward, 4 backward
    private static final int PARTS = 20;
    private static final double WEIGHT_DECAY = 0.01;

    /// What all runs share.
    ///
    /// @param context   T, tokens of a row
    /// @param batch     B, rows of a step
    /// @param optimizer that trains
    /// @param lr        highest learning rate
    public record Setting(int context, int batch, OptimizerKind optimizer, double lr) {
        /// How many tokens a step has.
        public int tokens() {
            return context * batch;
        }

        /// Steps that give about so many tokens, at least 2.
        public int steps(double tokens) {
            return (int) Math.max(2, Math.round(tokens / tokens()));
        }
    }

    /// @throws gradus.error.ConfigException if a training would have fewer than 2 steps
    public TextRun {
        require(steps >= 2, "a training needs at least 2 steps; got %d", steps);
    }

    /// The run of about so many operations.
    public static TextRun ofOperations(GptSize size, double operations, Setting setting, HeldOutText text) {
        return new TextRun(size, setting.steps(operations / OPERATIONS / size.parameters()), setting, text);
    }

    /// The run of about so many tokens.
    public static TextRun ofTokens(GptSize size, double tokens, Setting setting, HeldOutText text) {
        return new TextRun(size, setting.steps(tokens), setting, text);
    }

    /// D.
    public long tokens() {
        return (long) steps * setting.tokens();
    }

    /// C = 6·N·D.
    public double operations() {
        return OPERATIONS * size.parameters() * tokens();
    }

    @Override
    public String name() {
        return "gpt-%s-%s-%s".formatted(size.layers(), size.dim(), steps);
    }

    /// The text by its sum.
    @Override
    public JsonNode plan() {
        JsonMapper mapper = JsonMapper.shared();
        return CheckpointJson.object()
                .put("steps", steps)
                .put("text", text.sum())
                .<ObjectNode>set("size", mapper.valueToTree(size))
                .set("setting", mapper.valueToTree(setting));
    }

    /// @return `loss`: that of the held-out text, in nats a token
    @Override
    public Map<String, ?> train(Path folder, long seed, Consumer<String> say) {
        Gpt gpt = new Gpt(
                size.config(text.vocabulary(), setting.context()), Rng.of(seed).at("model"));
        TrainConfig config = TrainConfig.defaults()
                .withSeed(seed)
                .withSteps(steps)
                .withBatchSize(setting.batch())
                .withOptimizer(setting.optimizer())
                .withLr(setting.lr())
                .withMinLr(setting.lr() / 10)
                .withWarmup(Math.max(1, steps / PARTS))
                .withWeightDecay(WEIGHT_DECAY)
                .withEvalEvery(0)
                .withEvalBatches(1)
                .withCheckpointEvery(0);
        TrainingResult result = Trainer.of(gpt, config, text.split()).run();
        double loss = result.validationLoss().orElse(Double.NaN);
        Weights.save(folder.resolve("weights.safetensors"), gpt);
        say.accept(String.format(
                Locale.ROOT,
                "%s, seed %d: %,d parameters, %,d tokens, %.2e operations: loss %.4f",
                name(),
                seed,
                size.parameters(),
                tokens(),
                operations(),
                loss));
        return Map.of("loss", loss);
    }
}
