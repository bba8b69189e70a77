package org.example;

import gradus.layers.norm.Norm;
import gradus.tensor.Tensor;

/// `y = g·x/|x|` with one learned length g. Nguyen & Salazar 2019, arXiv:1910.05895.
final class ScaleNorm extends Norm {
    private final Tensor length; // (1)

    ScaleNorm(int dim) {
        this.length = param("length", Tensor.ones(1).mul(Math.sqrt(dim)));
    }

    @Override
    public Tensor forward(Tensor x) {
        Tensor squares = x.square().sum(x.rank() - 1, true); // (..., 1)
        return hooked(x.mul(length).div(squares.add(1e-6).sqrt())); // (..., C)
    }
}
