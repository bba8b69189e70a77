package org.example;

import gradus.layers.Linear;
import gradus.layers.attention.AttentionConfig;
import gradus.layers.attention.SelfAttention;
import gradus.layers.attention.cache.KvCache;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;

/// Attention whose keys are its values too, with any position and any mask, whole or through a cache.
final class SharedKeyAttention extends SelfAttention {
    private final AttentionConfig config;
    private final Linear query; // (B, T, C) → (B, T, C)
    private final Linear both; // (B, T, C) → (B, T, C)

    SharedKeyAttention(AttentionConfig config, Rng rng) {
        this.config = config;
        this.query = child("query", new Linear(config.dim(), config.dim(), rng.at("query")));
        this.both = child("both", new Linear(config.dim(), config.dim(), rng.at("both")));
        child("position", config.position());
    }

    @Override
    public Tensor forward(Tensor x) {
        return hooked(attend(query.forward(x), both.forward(x), both.forward(x), config)); // (B, T, C)
    }

    @Override
    public boolean cacheable() {
        return config.mask().cacheable();
    }

    @Override
    public Tensor forward(Tensor x, KvCache cache) {
        return hooked(attend(query.forward(x), both.forward(x), both.forward(x), config, cache)); // (B, T, C)
    }
}
