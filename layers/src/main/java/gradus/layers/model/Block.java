package gradus.layers.model;

import gradus.layers.Layer;
import gradus.layers.Transform;
import gradus.layers.attention.cache.KvCache;
import gradus.tensor.Tensor;

/// One of the L equal parts of a [LanguageModel], in most models attention followed by a feed-forward network.
/// To write one of your own, extend this class and register it in a model with [LanguageModel#block].
public abstract class Block extends Layer implements Transform {

    /// Whole sequences from their first position on.
    ///
    /// **Shapes** x (B, T, C) → (B, T, C)
    @Override
    public abstract Tensor forward(Tensor x);

    /// Further positions of sequences whose earlier ones are in a cache, which takes these in. However a
    /// sequence is cut, the results are those of the whole sequence at once.
    ///
    /// **Shapes** x (B, T, C) → (B, T, C)
    ///
    /// @throws gradus.error.ConfigException if the cache is full, or this block is not [#cacheable]
    public abstract Tensor forward(Tensor x, KvCache cache);

    /// Whether [#forward(Tensor, KvCache)] works.
    public abstract boolean cacheable();
}
