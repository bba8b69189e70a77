package org.example;

import gradus.layers.position.PlainFrequencies;
import gradus.layers.position.Rope;
import gradus.layers.position.RotaryPosition;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;

/// The first half of each head is rotated, as GPT-NeoX rotates a part of it; the rest knows no positions.
final class HalfRope extends RotaryPosition {
    private final Rope rope = child("rope", new Rope(new PlainFrequencies(100)));

    @Override
    public Tensor rotate(Tensor x, int headDim, Indices positions) {
        int half = headDim / 2;
        Tensor heads = x.reshape(x.dim(0), x.dim(1), -1, headDim); // (B, T, N, D)
        Tensor turned = rope.rotate(heads.slice(3, 0, half).reshape(x.dim(0), x.dim(1), -1), half, positions);
        Tensor parts = Tensor.concat(3, turned.reshape(x.dim(0), x.dim(1), -1, half), heads.slice(3, half, headDim));
        return parts.reshape(x.dim(0), x.dim(1), -1); // (B, T, N·D)
    }
}
