package gradus.lessons.lab.norms;

import static gradus.error.ConfigException.require;

import gradus.error.NumericException;
import gradus.layers.model.Gpt;
import gradus.lessons.lab.material.HeldOutText;
import gradus.lessons.lab.material.Recipe;
import gradus.tensor.random.Rng;
import gradus.train.StepReport;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.schedule.ScheduleKind;
import gradus.train.task.Split;
import gradus.train.task.Tokens;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// One training of a small GPT on text by AdamW, without weight decay and without clipping. Only what is measured is
/// kept, not the model.
///
/// @param norming of the model
/// @param size    of it
/// @param rate    the highest learning rate
/// @param gentle  whether the rate rises for a tenth of the steps and falls to a tenth by a cosine; else
///     it is the
///                same from the first step to the last
/// @param steps   of training
/// @param text    what is learned
record NormRun(Norming norming, Size size, double rate, boolean gentle, int steps, HeldOutText text) implements Recipe {
    private static final double UNIT = 1e-6; // of a rate in a name
    private static final int PARTS = 10;

    /// Of a model and its batches.
    ///
    /// @param layers  L
    /// @param dim     C, channels
    /// @param context T, tokens of a row
    /// @param batch   B, rows of a step
    record Size(int layers, int dim, int context, int batch) {}

    /// @throws gradus.error.ConfigException if there are fewer than 2 steps or the rate is not above 0
    NormRun {
        require(steps >= 2, "a training needs at least 2 steps; got %d", steps);
        require(rate > 0, "the rate must be above 0; got %s", rate);
    }

    @Override
    public String name() {
        return "%s-%s-%s".formatted(norming.name(), gentle ? "gentle" : "at-once", Math.round(rate / UNIT));
    }

    @Override
    public JsonNode plan() {
        return CheckpointJson.object()
                .put(
                        "norm",
                        norming.choice() instanceof Record ? norming.choice().toString() : norming.name())
                .put("size", size.toString())
                .put("rate", rate)
                .put("steps", steps)
                .put("text", text.sum());
    }

    private TrainConfig config(long seed) {
        return TrainConfig.defaults()
                .withSeed(seed)
                .withSteps(steps)
                .withBatchSize(size.batch)
                .withSchedule(gentle ? ScheduleKind.COSINE : ScheduleKind.CONSTANT)
                .withLr(rate)
                .withMinLr(rate / 10)
                .withWarmup(gentle ? Math.max(1, steps / PARTS) : 0)
                .withWeightDecay(0)
                .withClip(0)
                .withEvalEvery(0)
                .withEvalBatches(1)
                .withCheckpointEvery(0);
    }

    /// @return `loss` of the held-out text in nats a token, `trainingLoss` of the same text by a model
    ///     that takes it
    ///     as a batch of training, the `leak` in training, and the `seconds` of the fastest step; nothing
    /// if the
    ///     training broke off
    @Override
    public Map<String, ?> train(Path folder, long seed, Consumer<String> say) {
        Gpt gpt = new Gpt(
                norming.config(size.layers, size.dim, text.vocabulary(), size.context),
                Rng.of(seed).at("model"));
        double[] tokensPerSecond = {0};
        TrainingListener fastest = new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                tokensPerSecond[0] = Math.max(tokensPerSecond[0], report.tokensPerSecond());
            }
        };
        Tokens heldOut = text.split().validation();
        try {
            Split learned = new Split(text.split().train(), Tokens.of());
            Trainer.of(gpt, config(seed), learned).listen(fastest).run();
        } catch (NumericException tooFast) {
            say.accept("%s, seed %s: %s".formatted(name(), seed, tooFast.getMessage()));
            return Map.of();
        }
        BatchSight sight = new BatchSight(gpt);
        double loss = sight.loss(heldOut, size.batch, false);
        say.accept(String.format(Locale.ROOT, "%s, seed %d: loss %.4f", name(), seed, loss));
        return Double.isFinite(loss)
                ? Map.of(
                        "loss",
                        loss,
                        "trainingLoss",
                        sight.loss(heldOut, size.batch, true),
                        "leak",
                        sight.leak(heldOut, true),
                        "seconds",
                        (double) size.batch * size.context / tokensPerSecond[0])
                : Map.of();
    }
}
