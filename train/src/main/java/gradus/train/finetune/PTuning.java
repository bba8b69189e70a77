package gradus.train.finetune;

import static gradus.error.ConfigException.require;

import gradus.layers.model.LanguageModel;
import gradus.layers.model.prompt.PromptTuned;
import gradus.layers.prompt.LstmEncoder;
import gradus.layers.prompt.MlpEncoder;
import gradus.layers.prompt.SoftPrompt;
import gradus.layers.recurrent.LstmConfig;
import gradus.tensor.random.Rng;

/// Trains a small network that makes the vectors before every sequence: Liu et al. 2021, "GPT understands, too",
/// arXiv:2103.10385. Afterwards only the vectors are kept.
///
/// @param count   how many virtual tokens there are
/// @param encoder what makes them
/// @param hidden  the size of its inner layers; 0 for that of an embedding
public record PTuning(int count, Encoder encoder, int hidden) implements TuningMethod {
    /// Kinds of network.
    public enum Encoder {
        /// [MlpEncoder]
        MLP,
        /// [LstmEncoder] of two layers
        LSTM
    }

    @Override
    public Tuned on(LanguageModel base, Rng rng) {
        require(hidden >= 0, "encoder_hidden_size must be at least 1; got %d", hidden);
        int n = SoftPrompts.fitting(count, base);
        int width = PromptTuned.tokens(base).weight().dim(1);
        int inner = hidden == 0 ? width : hidden;
        SoftPrompt prompt = switch (encoder) {
            case MLP -> new MlpEncoder(n, width, inner, rng);
            case LSTM -> new LstmEncoder(n, LstmConfig.of(width, inner).withLayers(2), rng);
        };
        return SoftPrompts.tuned(base, prompt, PromptTuned::new);
    }
}
