package gradus.train.finetune;

import static gradus.error.ConfigException.require;

import gradus.layers.model.LanguageModel;
import gradus.layers.model.prompt.PrefixTuned;
import gradus.layers.model.prompt.PromptTuned;
import gradus.layers.prompt.PrefixProjection;
import gradus.tensor.random.Rng;

/// [PrefixTuning] through a network that makes the keys and values, see [PrefixProjection]. Afterwards only these
/// are kept.
///
/// @param count  how many virtual tokens there are
/// @param hidden the size of the network's inner layer; 0 for that of an embedding
public record ProjectedPrefix(int count, int hidden) implements TuningMethod {

    @Override
    public Tuned on(LanguageModel base, Rng rng) {
        require(hidden >= 0, "encoder_hidden_size must be at least 1; got %d", hidden);
        int n = SoftPrompts.fitting(count, base);
        int width = PrefixTuned.width(base);
        int dim = PromptTuned.tokens(base).weight().dim(1);
        var sizes = new PrefixProjection.Sizes(dim, hidden == 0 ? dim : hidden, width);
        return SoftPrompts.tuned(base, new PrefixProjection(n, sizes, rng), PrefixTuned::new);
    }
}
