package org.example;

import gradus.layers.Adapter;
import gradus.layers.Linear;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;

/// `y = base(x) + x·Aᵀ·Bᵀ`, of rank 2.
final class RankTwo extends Adapter {
    private final Linear down; // (..., in) → (..., 2)
    private final Tensor up; // (2, out)

    RankTwo(Linear base, Rng rng) {
        this.down = child("down", new Linear(base.in(), 2, false, rng));
        this.up = param("up", Tensor.zeros(2, base.out()));
    }

    @Override
    public Tensor forward(Linear base, Tensor x) {
        return base.base(x).add(down.forward(x).matmul(up)); // (..., out)
    }
}
