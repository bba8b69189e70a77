package gradus.layers.model.config;

import gradus.layers.attention.cache.ContiguousKvCache;
import gradus.layers.attention.cache.KvCache;
import gradus.layers.attention.cache.RollingKvCache;

/// What generation keeps of the keys and values of earlier positions.
public enum CacheKind {
    /// [ContiguousKvCache]: all of them.
    FULL,
    /// [RollingKvCache]: the last ones that a sliding window sees, so that the memory does not grow with the
    /// text.
    ROLLING;

    /// The cache of one block.
    ///
    /// @param model whose attention is a sliding window where this is [#ROLLING]
    public KvCache of(GptConfig model) {
        return this == ROLLING && model.attention() instanceof Attentions.SlidingWindow sliding
                ? new RollingKvCache(sliding.window())
                : new ContiguousKvCache(model.context());
    }
}
