package org.example;

import gradus.layers.Embedding;
import gradus.layers.Linear;
import gradus.layers.attention.SelfAttention;
import gradus.layers.attention.cache.KvCaches;
import gradus.layers.model.LanguageModel;
import gradus.layers.position.EmbeddingPosition;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import java.util.function.Function;

/// A language model of two parallel blocks.
final class SmallModel extends LanguageModel {
    private final Embedding tokens; // (V, C)
    private final EmbeddingPosition position;
    private final Linear head; // (..., C) → (..., V)

    SmallModel(int vocabSize, int dim, EmbeddingPosition position, Function<Rng, SelfAttention> attention, Rng rng) {
        super(vocabSize, 16);
        this.tokens = child("tokens", new Embedding(vocabSize, dim, rng.at("tokens")));
        this.position = child("position", position);
        for (int i = 0; i < 2; i++) {
            Rng own = rng.at("blocks." + i);
            block("blocks." + i, new ParallelBlock(dim, attention.apply(own.at("attention")), own));
        }
        this.head = child("head", new Linear(dim, vocabSize, rng.at("head")));
    }

    @Override
    public Tensor embed(Indices ids, KvCaches caches) {
        return position.embed(tokens.forward(ids), caches.length()); // (B, T, C)
    }

    @Override
    public Tensor states(Tensor x, KvCaches caches) {
        return blocks(x, caches); // (B, T, C)
    }

    @Override
    public Tensor logits(Tensor states) {
        return head.forward(states); // (..., V)
    }
}
