package org.example;

import gradus.layers.position.Position;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;

/// `x_t ← x_t + g·t`, with a learned direction g.
final class Ramp extends Position {
    private final Tensor direction; // (C)

    Ramp(int dim) {
        this.direction = param("direction", Tensor.full(DType.FLOAT32, Shape.of(dim), 0.01));
    }

    @Override
    public Tensor embed(Tensor x, int first) {
        int time = x.dim(1);
        double[] places = new double[time];
        for (int t = 0; t < time; t++) {
            places[t] = first + t;
        }
        Tensor steps = Tensor.of(places, time, 1).to(x.dtype()); // (T, 1)
        return x.add(steps.mul(direction)); // (B, T, C)
    }

    @Override
    public boolean worksInAttention() {
        return false;
    }
}
