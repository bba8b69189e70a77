package org.example;

import gradus.layers.Transform;
import gradus.layers.attention.SelfAttention;
import gradus.layers.attention.cache.KvCache;
import gradus.layers.model.Block;
import gradus.layers.norm.LayerNorm;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;

/// `y = x + attention(norm(x)) + squash(norm(x))`, both branches side by side.
final class ParallelBlock extends Block {
    private final LayerNorm norm;
    private final SelfAttention attention;
    private final Squash squash;

    ParallelBlock(int dim, SelfAttention attention, Rng rng) {
        this.norm = child("norm", new LayerNorm(dim, 1e-5));
        this.attention = child("attention", attention);
        this.squash = child("squash", new Squash(dim, dim, rng.at("squash")));
    }

    private Tensor forward(Tensor x, Transform attend) {
        Tensor normed = norm.forward(x); // (B, T, C)
        return hooked(x.add(attend.forward(normed)).add(squash.forward(normed))); // (B, T, C)
    }

    @Override
    public Tensor forward(Tensor x) {
        return forward(x, attention);
    }

    @Override
    public Tensor forward(Tensor x, KvCache cache) {
        return forward(x, normed -> attention.forward(normed, cache));
    }

    @Override
    public boolean cacheable() {
        return attention.cacheable();
    }
}
