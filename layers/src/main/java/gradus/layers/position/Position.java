package gradus.layers.position;

import gradus.layers.Layer;

/// How a model learns where a token stands. Attention by itself does not know: permuting the tokens only
/// permutes its results. There are four kinds, which differ in where a model uses the positions:
///
/// | kind | what it does | of this library |
/// |---|---|---|
/// | [EmbeddingPosition] | adds a vector to the embedding of each token | sinusoidal, learned, none |
/// | [RotaryPosition] | rotates queries and keys before their product | the RoPE family |
/// | [BiasPosition] | adds a number to each logit, by distance | ALiBi, T5 |
/// | [ScorePosition] | computes the logits itself | Shaw, Transformer-XL |
///
/// To write a position of your own, extend one of the four. How attention uses each kind is written in
/// `gradus.layers.attention.SelfAttention`, which knows only the four kinds.
public abstract sealed class Position extends Layer
        permits EmbeddingPosition, RotaryPosition, BiasPosition, ScorePosition {

    Position() {}

    /// Whether keys and values of earlier tokens change as the sequence grows. If so, a model cannot cache them.
    public boolean dependsOnLength() {
        return false;
    }

    /// Whether a sequence in a cache may be padded on the left. It may not if positions are counted from the
    /// first place of the cache, padding included.
    public boolean supportsLeftPadding() {
        return true;
    }

    /// The instance that block number i uses: this one, unless each block learns a position of its own.
    public Position forBlock(int block) {
        return this;
    }
}
