package gradus.lessons.cache;

import gradus.tensor.Tensor;

/// One head of attention that remembers keys and values.
public final class CachedStep {
    private Tensor keys; // (B, T, D) of all tokens so far; null before the first
    private Tensor values; // (B, T, D)

    /// Takes in the next N tokens (the whole prompt at first, later one or more) and gives their attention
    /// over all tokens so far: appends `k` to `keys` and `v` to `values` along the time, behind what is
    /// there, then `softmax(q·keysᵀ / √D)·values`. It is causal: a new token sees all earlier tokens, itself,
    /// and of the other new ones only those before it. The result is the same, however a text is cut into
    /// steps.
    ///
    /// **Shapes** q, k, v (B, N, D) → (B, N, D)
    public Tensor forward(Tensor q, Tensor k, Tensor v) {
        // --- your answer
        keys = keys == null ? k : Tensor.concat(1, keys, k); // (B, T, D)
        values = values == null ? v : Tensor.concat(1, values, v); // (B, T, D)
        int fresh = q.dim(1);
        int all = keys.dim(1);
        Tensor scores = q.matmul(keys, false, true).div(Math.sqrt(q.dim(2))); // (B, N, T)
        Tensor hidden = Tensor.ones(fresh, all).triu(all - fresh + 1); // (N, T)
        return scores.maskedFill(hidden, -1e30).softmax(2).matmul(values); // (B, N, D)
        // ---
    }
}
