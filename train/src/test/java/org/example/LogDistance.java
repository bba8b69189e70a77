package org.example;

import gradus.layers.position.BiasPosition;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;

/// `logit(i, j) -= g_h·ln(1 + |i - j|)`, with a learned g for each head.
final class LogDistance extends BiasPosition {
    private final Tensor slope; // (H, 1)

    LogDistance(int heads) {
        this.slope = param("slope", Tensor.ones(heads, 1));
    }

    @Override
    public Tensor bias(int queries, int keys, DType dtype) {
        double[] logs = new double[queries + keys - 1];
        for (int r = 0; r < logs.length; r++) {
            logs[r] = -Math.log1p(Math.abs(r - (keys - 1)));
        }
        return slope.mul(Tensor.of(logs, logs.length).to(dtype)); // (H, T+S-1)
    }
}
