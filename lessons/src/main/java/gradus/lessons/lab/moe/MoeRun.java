package gradus.lessons.lab.moe;

import static gradus.error.ConfigException.require;

import gradus.layers.feedforward.MixtureOfExperts;
import gradus.layers.model.Gpt;
import gradus.lessons.lab.material.GptSize;
import gradus.lessons.lab.material.HeldOutText;
import gradus.lessons.lab.material.Recipe;
import gradus.tensor.random.Rng;
import gradus.train.StepReport;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.TrainingListener;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.task.Evaluation;
import gradus.train.task.Loss;
import gradus.train.task.Split;
import gradus.train.task.Tokens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// One training of a small GPT on text, by AdamW at a rate that rises for a tenth of the steps and falls to a tenth by
/// a cosine. Only what is measured is kept.
///
/// @param kind   `top` for those that are compared with dense networks, `one` for those of different capacity
/// @param mixing of the blocks
/// @param dim    C, channels
/// @param steps  of training
/// @param text   what is learned
record MoeRun(String kind, Mixing mixing, int dim, int steps, HeldOutText text) implements Recipe {
    /// T, tokens of a row.
    static final int CONTEXT = 64;

    /// B, rows of a step.
    static final int BATCH = 8;

    private static final int LAYERS = 2;
    private static final int HEADS = 2;
    private static final int PARTS = 10;
    private static final int LOAD_BATCHES = 8;
    private static final int ROWS = 8; // that are read token by token
    private static final double RATE = 4e-3;

    /// @throws gradus.error.ConfigException if there are fewer than 2 steps
    MoeRun {
        require(steps >= 2, "a training needs at least 2 steps; got %d", steps);
    }

    /// Characters that must be held out.
    static int least() {
        return BATCH * CONTEXT + 1;
    }

    @Override
    public String name() {
        return (kind + "-" + mixing.name()).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }

    @Override
    public JsonNode plan() {
        return CheckpointJson.object().put("dim", dim).put("steps", steps).put("text", text.sum());
    }

    Gpt model(long seed) {
        return new Gpt(
                new GptSize(LAYERS, HEADS, dim)
                        .config(text.vocabulary(), CONTEXT)
                        .withFeedForward(mixing.choice()),
                Rng.of(seed).at("model"));
    }

    private TrainConfig config(long seed) {
        return TrainConfig.defaults()
                .withSeed(seed)
                .withSteps(steps)
                .withBatchSize(BATCH)
                .withLr(RATE)
                .withMinLr(RATE / PARTS)
                .withWarmup(Math.max(1, steps / PARTS))
                .withWeightDecay(0)
                .withEvalEvery(0)
                .withCheckpointEvery(0);
    }

    /// @return `loss` of the held-out text in nats a token, `parameters`, `step`, at each of these the `variation` and
    ///     the share `unused` of each layer, the share `dropped` at the end, `change`, `whole` and `generating` as
    ///     [FutureSight] says, and `seconds` of the fastest step
    @Override
    public Map<String, ?> train(Path folder, long seed, Consumer<String> say) {
        Gpt gpt = model(seed);
        Tokens heldOut = text.split().validation();
        boolean mixed = !gpt.namedLayers(MixtureOfExperts.class).isEmpty();
        List<Integer> at = new ArrayList<>();
        List<List<Double>> variation = new ArrayList<>();
        List<List<Double>> unused = new ArrayList<>();
        double[] speed = {0};
        TrainingListener watch = new TrainingListener() {
            @Override
            public void onStep(StepReport report) {
                speed[0] = Math.max(speed[0], report.tokensPerSecond());
                if (mixed && (report.step() == 1 || report.step() % Math.max(1, steps / PARTS) == 0)) {
                    ExpertLoad load = ExpertLoad.of(gpt, heldOut, BATCH, LOAD_BATCHES);
                    at.add(report.step());
                    variation.add(IntStream.range(0, load.layers())
                            .mapToObj(load::variation)
                            .toList());
                    unused.add(IntStream.range(0, load.layers())
                            .mapToObj(load::unused)
                            .toList());
                }
            }
        };
        Trainer.of(gpt, config(seed), new Split(text.split().train(), Tokens.of()))
                .listen(watch)
                .run();
        gpt.eval();
        double loss = new Evaluation(gpt, Loss.crossEntropy(), BATCH).whole(heldOut);
        say.accept(String.format(Locale.ROOT, "%s, seed %d: loss %.4f", name(), seed, loss));
        Map<String, Object> measured = new LinkedHashMap<>();
        measured.put("loss", loss);
        measured.put("parameters", gpt.parameterCount());
        measured.put("step", at);
        measured.put("variation", variation);
        measured.put("unused", unused);
        ExpertLoad load = ExpertLoad.of(gpt, heldOut, BATCH, LOAD_BATCHES);
        measured.put(
                "dropped",
                IntStream.range(0, load.layers())
                        .mapToDouble(load::droppedShare)
                        .average()
                        .orElse(0));
        FutureSight sight = new FutureSight(gpt, heldOut);
        measured.put("change", sight.change());
        measured.put("whole", sight.whole(ROWS));
        measured.put("generating", sight.generating(ROWS));
        measured.put("seconds", BATCH * CONTEXT / speed[0]);
        return measured;
    }
}
