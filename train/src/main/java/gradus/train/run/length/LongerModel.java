package gradus.train.run.length;

import static gradus.error.ConfigException.require;

import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Positions;
import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.Optional;
import java.util.SequencedMap;

/// A trained model as it is, but for sequences of another length.
public final class LongerModel {
    private LongerModel() {}

    /// A model with the same weights.
    ///
    /// @param trained the model
    /// @param config  what it was trained with
    /// @param context the longest sequence that the new one reads
    /// @param scale   how its positions are stretched; empty to leave them as they are
    /// @throws gradus.error.ConfigException if its positions end with the context that it was trained on, or
    ///     cannot be stretched
    public static Gpt of(LanguageModel trained, GptConfig config, int context, Optional<PositionScale> scale) {
        require(
                context <= config.context() || !(config.position() instanceof Positions.Learned),
                "learned positions are vectors for each of %d places; there is none for place %d",
                config.context(),
                config.context() + 1);
        GptConfig longer = config.withContext(context);
        if (scale.isPresent()) {
            longer = longer.withPosition(scale.get().stretch(config.position(), config.context()));
        }
        Gpt model = new Gpt(longer, Rng.of(0)).eval();
        SequencedMap<String, Tensor> weights = trained.state();
        try (var pause = Autograd.noGrad()) {
            model.state().forEach((name, target) -> {
                Tensor source = weights.get(name);
                require(source != null, "the trained model has no %s", name);
                boolean shorter =
                        !source.shape().equals(target.shape()); // a table of which the first places are needed
                target.copyFrom(shorter ? source.slice(0, 0, target.dim(0)) : source);
            });
        }
        return model;
    }
}
