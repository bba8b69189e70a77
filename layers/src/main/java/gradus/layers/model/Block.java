package gradus.layers.model;

import gradus.layers.Layer;
import gradus.layers.Transform;
import gradus.layers.attention.cache.KvCache;
import gradus.tensor.Tensor;

/// One of the L equal parts of a [LanguageModel], in most models attention followed by a feed-forward network.
/// To write one of your own, extend this class and register it in a model with [LanguageModel#block].
public abstract class Block extends Layer implements Transform {

    /// Computes the block for whole sequences, from their first position on.
    ///
    /// **Shapes** x (B, T, C) → (B, T, C)
    @Override
    public abstract Tensor forward(Tensor x);

    /// Computes the block for the next positions of sequences whose earlier positions are in a cache. The new
    /// positions are added to the cache. However a sequence is divided over several calls, the results are
    /// the same as in one call with the whole sequence.
    ///
    /// **Shapes** x (B, T, C) → (B, T, C)
    ///
    /// @throws gradus.error.ConfigException if the cache is full, or this block is not [#cacheable]
    public abstract Tensor forward(Tensor x, KvCache cache);

    /// Whether [#forward(Tensor, KvCache)] works.
    public abstract boolean cacheable();
}
