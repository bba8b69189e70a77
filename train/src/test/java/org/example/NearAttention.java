package org.example;

import gradus.layers.Linear;
import gradus.layers.attention.SelfAttention;
import gradus.layers.attention.cache.KvCache;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.op.Attention;
import gradus.tensor.op.KeysAndValues;
import gradus.tensor.random.Rng;

/// One head that sees the newest four tokens, itself included, with a cache.
final class NearAttention extends SelfAttention {
    private static final KeyMask NEAR =
            KeyMask.cacheable(query -> query.sees(Math.max(0, query.position() - 3), query.position() + 1));

    private final Linear query; // (B, T, C) → (B, T, C)
    private final Linear key;
    private final Linear value;

    NearAttention(int dim, Rng rng) {
        this.query = child("query", new Linear(dim, dim, rng.at("query")));
        this.key = child("key", new Linear(dim, dim, rng.at("key")));
        this.value = child("value", new Linear(dim, dim, rng.at("value")));
    }

    @Override
    public Tensor forward(Tensor x) {
        return hooked(Attention.apply(query.forward(x), key.forward(x), value.forward(x), 1, NEAR)); // (B, T, C)
    }

    @Override
    public boolean cacheable() {
        return true;
    }

    @Override
    public Tensor forward(Tensor x, KvCache cache) {
        KeysAndValues seen = cache.append(key.forward(x), value.forward(x)); // (B, S, C)
        return hooked(Attention.apply(query.forward(x), seen, 1, cache.mask(NEAR)));
    }
}
