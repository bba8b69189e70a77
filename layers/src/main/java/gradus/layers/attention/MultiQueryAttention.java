package gradus.layers.attention;

import gradus.tensor.random.Rng;

/// Multi-query attention: every query head reads the same single head of keys and values. Shazeer 2019, "Fast
/// transformer decoding: one write-head is all you need", arXiv:1911.02150. [GroupedQueryAttention] with K = 1.
public final class MultiQueryAttention extends GroupedQueryAttention {

    /// @param config its kvHeads are ignored and taken as 1
    /// @param rng    random numbers for the initial weights
    public MultiQueryAttention(AttentionConfig config, Rng rng) {
        super(config.withKvHeads(1), rng);
    }
}
