package gradus.layers.position;

import gradus.tensor.Tensor;

/// Positions that compute the logits themselves, from content and distance together. Such a position needs
/// all the logits of every head in memory, a matrix of (T, S), which the other kinds do not need.
public abstract non-sealed class ScorePosition extends Position {

    /// The logits, before the mask and the softmax, with the factor 1/√D where there is one.
    ///
    /// **Shapes** q (B, H, T, D), k (B, H, S, D) → (B, H, T, S); the last query stands at the last key
    public abstract Tensor scores(Tensor q, Tensor k);

    /// The weighted sum of the values, to which a position may add a term of its own.
    ///
    /// **Shapes** weights (B, H, T, S), v (B, H, S, D) → (B, H, T, D)
    public Tensor mix(Tensor weights, Tensor v) {
        return weights.matmul(v); // (B, H, T, D)
    }
}
