package org.example;

import gradus.layers.position.EmbeddingPosition;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.Arrays;

/// `x_t ← x_t + g·t`, with a learned direction g.
final class Ramp extends EmbeddingPosition {
    private final Tensor direction; // (C)

    Ramp(int dim) {
        this.direction = param("direction", Tensor.full(DType.FLOAT32, Shape.of(dim), 0.01));
    }

    @Override
    public Tensor embed(Tensor x, Indices positions) {
        double[] places = Arrays.stream(positions.values()).asDoubleStream().toArray();
        Tensor steps = Tensor.of(places, places.length).to(x.dtype()).reshape(-1, x.dim(1), 1); // (1 or B, T, 1)
        return x.add(steps.mul(direction)); // (B, T, C)
    }
}
