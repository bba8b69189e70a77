package org.example;

import gradus.layers.prompt.SoftPrompt;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;

/// Virtual tokens that are all the same vector, each a little larger than the one before: `row_i = (i + 1)·v`.
final class OneVector extends SoftPrompt {
    private final Tensor vector; // (C)

    OneVector(int count, int width, Rng rng) {
        super(count, width);
        this.vector = param("vector", Tensor.randn(rng, width).mul(0.1));
    }

    @Override
    public Tensor rows() {
        return Tensor.arange(1, count() + 1, 1).reshape(count(), 1).mul(vector); // (n, C)
    }
}
