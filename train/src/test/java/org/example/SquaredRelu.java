package org.example;

import gradus.layers.Linear;
import gradus.layers.WeightKind;
import gradus.layers.feedforward.FeedForward;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;

/// `y = W₂·relu(W₁·x)² + b`, where W₁ starts as it says itself and W₂ as the model starts output projections.
final class SquaredRelu extends FeedForward {
    private final Tensor expand; // (C, F)
    private final Linear contract; // (..., F) → (..., C)

    SquaredRelu(int dim, int hidden, Rng rng) {
        this.expand =
                param("expand", Tensor.randn(rng.at("expand"), dim, hidden).mul(0.3));
        this.contract = child("contract", new Linear(hidden, dim, rng.at("contract")).as(WeightKind.OUTPUT_PROJECTION));
    }

    @Override
    public Tensor forward(Tensor x) {
        return hooked(contract.forward(x.matmul(expand).relu().square())); // (..., C)
    }
}
