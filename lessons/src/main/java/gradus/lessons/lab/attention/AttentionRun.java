package gradus.lessons.lab.attention;

import static gradus.error.ConfigException.require;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.lessons.lab.material.HeldOutText;
import gradus.lessons.lab.material.Recipe;
import gradus.tensor.random.Rng;
import gradus.train.StepReport;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.optimizer.OptimizerKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// One training of a GPT with a kind of attention. Only what is measured is kept, not the model.
///
/// @param kind  its name
/// @param model sizes and parts
/// @param batch B, rows of a step
/// @param steps of training
/// @param text  what is learned
record AttentionRun(String kind, GptConfig model, int batch, int steps, HeldOutText text) implements Recipe {
    private static final double LR = 5e-3;
    private static final double WEIGHT_DECAY = 0.01;
    private static final int PARTS = 20;
    private static final double MILLI = 1e-3;

    /// @throws gradus.error.ConfigException if there are fewer than 2 steps
    AttentionRun {
        require(steps >= 2, "a training needs at least 2 steps; got %d", steps);
    }

    @Override
    public String name() {
        return "attention-" + kind;
    }

    @Override
    public JsonNode plan() {
        return CheckpointJson.object()
                .put("model", model.toString())
                .put("batch", batch)
                .put("steps", steps)
                .put("text", text.sum());
    }

    /// @return `bits` a byte of all of the held-out text, and the `milliseconds` of the median step
    @Override
    public Map<String, ?> train(Path folder, long seed, Consumer<String> say) {
        Gpt gpt = new Gpt(model, Rng.of(seed).at("model"));
        int rows = (int) ((text.split().validation().size() - 1) / model.context());
        TrainConfig config = TrainConfig.defaults()
                .withSeed(seed)
                .withSteps(steps)
                .withBatchSize(batch)
                .withOptimizer(OptimizerKind.MUON)
                .withLr(LR)
                .withMinLr(LR / 10)
                .withWarmup(Math.max(1, steps / PARTS))
                .withWeightDecay(WEIGHT_DECAY)
                .withEvalEvery(0)
                .withEvalBatches(Math.max(1, rows / batch))
                .withCheckpointEvery(0);
        List<Double> seconds = new ArrayList<>();
        OptionalDouble loss = Trainer.of(gpt, config, text.split())
                .listen(new TrainingListener() {
                    @Override
                    public void onStep(StepReport report) {
                        seconds.add(batch * model.context() / report.tokensPerSecond());
                    }
                })
                .run()
                .validationLoss();
        seconds.sort(null);
        double bits = loss.orElse(Double.NaN) / Math.log(2) / text.bytes();
        say.accept(String.format(Locale.ROOT, "%s, seed %d: %d steps, %.4f bits a byte", name(), seed, steps, bits));
        return Map.of("bits", bits, "milliseconds", seconds.get(seconds.size() / 2) / MILLI);
    }
}
