package gradus.layers.model;

import gradus.layers.Layer;
import gradus.tensor.Indices;
import gradus.tensor.Tensor;

/// A model that predicts the next token from those before it: what training and generation ask of one.
public abstract class LanguageModel extends Layer {

    /// V, how many tokens there are.
    public abstract int vocabSize();

    /// The longest sequence it sees.
    public abstract int context();

    /// For every position the logits of the token that follows.
    ///
    /// **Shapes** ids (B, T) → (B, T, V)
    ///
    /// @throws gradus.error.ConfigException if T is above [#context]
    /// @throws gradus.error.ShapeException  if an id is outside 0 … V-1
    public abstract Tensor forward(Indices ids);

    /// The logits of the token that follows the last position only, as generation needs them.
    ///
    /// **Shapes** ids (B, T) → (B, V)
    public abstract Tensor lastLogits(Indices ids);
}
