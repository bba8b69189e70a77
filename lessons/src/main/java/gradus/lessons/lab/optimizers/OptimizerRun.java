package gradus.lessons.lab.optimizers;

import static gradus.error.ConfigException.require;

import gradus.error.NumericException;
import gradus.layers.model.Gpt;
import gradus.lessons.lab.material.GptSize;
import gradus.lessons.lab.material.HeldOutText;
import gradus.lessons.lab.material.Recipe;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.TrainConfig;
import gradus.train.Trainer;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.checkpoint.Weights;
import gradus.train.optimizer.Optimizer;
import gradus.train.optimizer.OptimizerKind;
import gradus.train.optimizer.ParameterGroups;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// One training of a small GPT on text by an optimiser at a rate, which rises for a twentieth of the steps and falls
/// to a tenth by a cosine. There is no weight decay, which optimisers apply in different ways.
///
/// @param kind   of the optimiser
/// @param rate   the highest learning rate
/// @param dim    C, channels of the model; it has two layers
/// @param scaled whether the matrices of the blocks learn at the rate times 16/C, and all else at the rate
/// @param steps  of training
/// @param text   what is learned
record OptimizerRun(OptimizerKind kind, double rate, int dim, boolean scaled, int steps, HeldOutText text)
        implements Recipe {
    /// The width at which a scaled rate is the rate itself.
    static final int BASE = 16;

    private static final int CONTEXT = 64;
    private static final int BATCH = 8;
    private static final int PARTS = 20;
    private static final double UNIT = 1e-7; // of a rate in a name

    /// @throws gradus.error.ConfigException if there are fewer than 2 steps or the rate is not above 0
    OptimizerRun {
        require(steps >= 2, "a training needs at least 2 steps; got %d", steps);
        require(rate > 0, "the rate must be above 0; got %s", rate);
    }

    @Override
    public String name() {
        return "%s-%s%s-%s"
                .formatted(
                        kind.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        dim,
                        scaled ? "-scaled" : "",
                        Math.round(rate / UNIT));
    }

    @Override
    public JsonNode plan() {
        return CheckpointJson.object()
                .put("rate", rate)
                .put("steps", steps)
                .put("context", CONTEXT)
                .put("batch", BATCH)
                .put("text", text.sum());
    }

    /// The matrices of the blocks: those whose names hold the number of a block.
    static Set<String> hidden(SequencedMap<String, Tensor> parameters) {
        return parameters.entrySet().stream()
                .filter(each -> each.getValue().rank() == 2 && each.getKey().matches("(.*\\.)?\\d+\\..*"))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /// By what the rate of the blocks' matrices is multiplied.
    double factor() {
        return scaled ? (double) BASE / dim : 1;
    }

    /// @return `loss` of the held-out text, in nats a token, none if the training broke off; and `state`, the
    ///     bytes that the optimiser keeps for a parameter
    @Override
    public Map<String, ?> train(Path folder, long seed, Consumer<String> say) {
        Gpt gpt = new Gpt(
                GptSize.ofDim(dim).config(text.vocabulary(), CONTEXT),
                Rng.of(seed).at("model"));
        TrainConfig config = TrainConfig.defaults()
                .withSeed(seed)
                .withSteps(steps)
                .withBatchSize(BATCH)
                .withOptimizer(kind)
                .withLr(rate)
                .withMinLr(rate / 10)
                .withWarmup(Math.max(1, steps / PARTS))
                .withWeightDecay(0)
                .withEvalEvery(0)
                .withEvalBatches(1)
                .withCheckpointEvery(0);
        Set<String> hidden = hidden(gpt.namedParameters());
        ParameterGroups groups = ParameterGroups.trained(gpt.namedParameters()).withRate(hidden::contains, factor());
        Optimizer optimizer = kind.of(groups, config.adam());
        double bytes = optimizer.state().values().stream()
                .mapToDouble(tensor -> (double) tensor.size() * Float.BYTES)
                .sum();
        double state = bytes / gpt.parameterCount();
        try {
            double loss = Trainer.of(config.newTask(gpt, text.split()), optimizer, config)
                    .run()
                    .validationLoss()
                    .orElseThrow();
            Weights.save(folder.resolve("weights.safetensors"), gpt);
            say.accept(String.format(Locale.ROOT, "%s, seed %d: loss %.4f", name(), seed, loss));
            return Map.of("loss", loss, "state", state);
        } catch (NumericException tooFast) {
            say.accept("%s, seed %s: %s".formatted(name(), seed, tooFast.getMessage()));
            return Map.of("state", state);
        }
    }
}
