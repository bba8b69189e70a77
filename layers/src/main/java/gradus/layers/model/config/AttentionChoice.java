package gradus.layers.model.config;

import gradus.layers.attention.AttentionConfig;
import gradus.layers.attention.SelfAttention;
import gradus.tensor.random.Rng;

/// The attention of a model's blocks. [Attentions] lists those of this library.
@FunctionalInterface
public interface AttentionChoice {
    /// @param model the model's sizes
    /// @param plain causal multi-head attention of those sizes with the model's positions, to be changed as the
    ///              choice needs
    /// @param rng   random numbers for the initial weights
    SelfAttention create(GptConfig model, AttentionConfig plain, Rng rng);
}
