package gradus.lessons.lab.capacity;

import static gradus.error.ConfigException.require;

import gradus.layers.model.Gpt;
import gradus.layers.model.config.GptConfig;
import gradus.lessons.lab.material.FreshBatches;
import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.material.Training;
import gradus.tensor.random.Rng;
import gradus.train.TrainingListener;
import gradus.train.checkpoint.Weights;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// A GPT that learns facts by heart.
///
/// @param vocabulary V
/// @param dim        C, channels
/// @param load       entropy of all facts, in bits a parameter
/// @param exposures  how often each fact is seen
/// @param batch      facts of a step
/// @param lr         the highest learning rate
record CapacityRecipe(int vocabulary, int dim, double load, int exposures, int batch, double lr) implements Recipe {
    private static final int LAYERS = 2;
    private static final int HEADS = 2;
    private static final int PERCENT = 100; // of a load in a name

    /// @throws gradus.error.ConfigException if there is nothing to learn
    CapacityRecipe {
        require(load > 0, "the load must be above 0; got %s", load);
        require(exposures >= 1 && batch >= 1, "exposures and batch must be at least 1; got %d, %d", exposures, batch);
    }

    @Override
    public String name() {
        return "facts-%s-load-%s-exposures-%s".formatted(dim, Math.round(PERCENT * load), exposures);
    }

    Gpt model(long seed) {
        return new Gpt(
                new GptConfig(vocabulary, Facts.KEY + Facts.VALUE - 1, LAYERS, HEADS, dim, 0),
                Rng.of(seed).at("model"));
    }

    /// As many as make up the load.
    Facts facts(long parameters, long seed) {
        int count = (int) Math.max(1, Math.round(load * parameters / Facts.bits(vocabulary)));
        return Facts.draw(vocabulary, count, Rng.of(seed).at("facts"));
    }

    /// Steps in which each fact is seen so often.
    int steps(Facts facts) {
        return (int) Math.max(2, Math.round((double) exposures * facts.count() / batch));
    }

    /// @return [Learned]
    @Override
    public Map<String, ?> train(Path folder, long seed, Consumer<String> say) {
        Gpt model = model(seed);
        long parameters = model.parameterCount();
        Facts facts = facts(parameters, seed);
        int steps = steps(facts);
        Rng order = Rng.of(seed).at("order");
        new Training(steps, lr)
                .run(
                        new FreshBatches(model, step -> facts.batch(step, batch, order), "facts"),
                        Rng.of(seed).at("training").bits(0),
                        new TrainingListener() {});
        Weights.save(folder.resolve("weights.safetensors"), model);
        double known = facts.known(facts.cost(model));
        Facts shuffled = facts.shuffled();
        say.accept(String.format(
                Locale.ROOT,
                "%s, seed %d: %,d parameters, %,d facts, %,d steps: %.3f bits a parameter",
                name(),
                seed,
                parameters,
                facts.count(),
                steps,
                known / parameters));
        return Map.of(
                "parameters",
                parameters,
                "facts",
                facts.count(),
                "entropy",
                facts.count() * Facts.bits(vocabulary),
                "known",
                known,
                "shuffled",
                shuffled.known(shuffled.cost(model)));
    }
}
