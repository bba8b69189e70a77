package org.example;

import gradus.layers.position.ScorePosition;
import gradus.tensor.Tensor;

/// `logit(i, j) = τ·cos(q_i, k_j) - g·|i - j|`, with τ and g learned: the angle between query and key counts,
/// not their lengths.
final class CosineScores extends ScorePosition {
    private final Tensor sharpness = param("sharpness", Tensor.ones(1).mul(8)); // τ, (1)
    private final Tensor slope = param("slope", Tensor.ones(1).mul(0.1)); // g, (1)

    @Override
    public Tensor scores(Tensor q, Tensor k) {
        Tensor angles = unit(q).matmul(unit(k), false, true); // (B, H, T, S)
        double[] distances = new double[q.dim(2) * k.dim(2)];
        for (int at = 0; at < distances.length; at++) {
            int position = at / k.dim(2) + k.dim(2) - q.dim(2);
            distances[at] = Math.abs(position - at % k.dim(2));
        }
        Tensor far = Tensor.of(distances, q.dim(2), k.dim(2)).to(q.dtype()); // (T, S)
        return angles.mul(sharpness).sub(far.mul(slope)); // (B, H, T, S)
    }

    private static Tensor unit(Tensor x) {
        return x.div(x.square().sum(3, true).add(1e-6).sqrt()); // (B, H, T, D)
    }
}
