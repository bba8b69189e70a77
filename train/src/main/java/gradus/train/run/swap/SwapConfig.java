package gradus.train.run.swap;

import static gradus.error.ConfigException.require;

import gradus.layers.model.config.GptConfig;
import gradus.train.TrainConfig;
import gradus.train.run.Components;
import gradus.train.run.Preset;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;

/// Which parts are compared, and how long each model is trained.
///
/// @param rows    a kind of parts, as `attention`
/// @param columns another one, as `position`
/// @param steps   of each training
/// @param seeds   each model is trained with each
public record SwapConfig(String rows, String columns, int steps, List<Long> seeds) {
    /// Small, but with heads that can share keys and a context that windows and blocks divide.
    private static final GptConfig MODEL = new GptConfig(1, 64, 2, 4, 64, 0);

    /// @throws gradus.error.ConfigException if there are no such parts, or steps or seeds are out of range
    public SwapConfig {
        for (String slot : List.of(rows, columns)) {
            require(
                    Components.SLOTS.containsKey(slot),
                    "components: there is no kind of parts %s; there are %s",
                    slot,
                    String.join(", ", new TreeSet<>(Components.SLOTS.keySet())));
        }
        require(!rows.equals(columns), "components: two different kinds of parts are compared; got %s twice", rows);
        require(steps >= 1, "components: steps must be at least 1; got %d", steps);
        require(
                !seeds.isEmpty() && new HashSet<>(seeds).size() == seeds.size(),
                "components: seeds must be at least one number, none of them twice; got %s",
                seeds);
    }

    /// The model whose parts are exchanged; the others are those of GPT-2.
    GptConfig model(int vocabSize) {
        return MODEL.withVocabSize(vocabSize);
    }

    /// How each is trained.
    TrainConfig training(long seed) {
        return Preset.CHAR_TINY
                .train()
                .withSteps(steps)
                .withWarmup(steps / 20)
                .withEvalEvery(steps)
                .withSeed(seed);
    }
}
