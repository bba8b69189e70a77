package org.example;

import gradus.layers.Layer;
import gradus.layers.Transform;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;

/// `y = tanh(x·W + b)`
final class Squash extends Layer implements Transform {
    private final Tensor weight; // (in, out)
    private final Tensor bias; // (out)

    Squash(int in, int out, Rng rng) {
        this.weight = param("weight", Tensor.randn(rng, in, out).mul(1 / Math.sqrt(in)));
        this.bias = param("bias", Tensor.zeros(out));
    }

    /// **Shapes** x (..., in) → (..., out)
    @Override
    public Tensor forward(Tensor x) {
        return hooked(x.matmul(weight).add(bias).tanh()); // (..., out)
    }
}
