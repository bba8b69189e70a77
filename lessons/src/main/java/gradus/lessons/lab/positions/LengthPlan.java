package gradus.lessons.lab.positions;

import static gradus.error.ConfigException.require;

import gradus.layers.model.config.Attentions;
import gradus.layers.model.config.GptConfig;
import gradus.lessons.lab.material.Training;

/// How large the models are, and how they are trained.
///
/// @param context  T, the longest sequence in training
/// @param layers   L
/// @param heads    H
/// @param dim      C, channels
/// @param batch    sequences of a step
/// @param training of a model
record LengthPlan(int context, int layers, int heads, int dim, int batch, Training training) {
    /// By how many times T texts are longer.
    static final int[] FACTORS = {1, 2, 4, 8};

    /// @throws gradus.error.ConfigException if there is no sequence
    LengthPlan {
        require(
                context >= 2 && context % 2 == 0 && batch >= 1,
                "context must be even and batch at least 1; got %d and %d",
                context,
                batch);
    }

    /// The model of a kind of position. Its attention has the same weights with and without groups.
    GptConfig config(int vocabulary, String position) {
        return new GptConfig(vocabulary, context, layers, heads, dim, 0)
                .withAttention(new Attentions.GroupedQuery(heads))
                .withPosition(PositionKinds.choice(position));
    }

    /// The longest text.
    int longest() {
        return FACTORS[FACTORS.length - 1] * context;
    }
}
