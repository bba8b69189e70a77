package gradus.lessons.rope;

import gradus.layers.position.PlainFrequencies;
import gradus.layers.position.Rope;
import gradus.tensor.Tensor;

/// Attention of new tokens over a cache whose keys are rotated already.
public final class DecodeStep {
    private DecodeStep() {}

    /// P tokens are in the cache, and T new ones come after them, at the positions P, P + 1, …, P + T - 1.
    /// The result is the attention of the new tokens: over all of the cache, over the new tokens before them
    /// and over themselves.
    ///
    /// Queries and new keys are not rotated yet: [#rotate] does it. The keys in the cache were rotated when
    /// they came in. Values are never rotated. Scores are divided by √D; the softmax goes over the keys.
    ///
    /// **Shapes** q, k, v (B, H, T, D); keys, values (B, H, P, D), P and T at least 1 → (B, H, T, D)
    ///
    /// @param keys   of the P tokens before, rotated
    /// @param values of the P tokens before
    public static Tensor decode(Tensor q, Tensor k, Tensor v, Tensor keys, Tensor values) {
        // --- your answer
        int past = keys.dim(2);
        int time = q.dim(2);
        Tensor allKeys = Tensor.concat(2, keys, rotate(k, past)); // (B, H, P+T, D)
        Tensor allValues = Tensor.concat(2, values, v); // (B, H, P+T, D)
        Tensor scores = rotate(q, past).matmul(allKeys, false, true).div(Math.sqrt(q.dim(3))); // (B, H, T, P+T)
        Tensor future = Tensor.ones(time, past + time).triu(past + 1); // (T, P+T), 1 where the key comes later
        return scores.maskedFill(future, Double.NEGATIVE_INFINITY).softmax().matmul(allValues); // (B, H, T, D)
        // ---
    }

    /// Rotates the pairs of every head, the first token standing at position `first`.
    ///
    /// **Shapes** x (B, H, T, D) → (B, H, T, D)
    private static Tensor rotate(Tensor x, int first) {
        Tensor rows = x.reshape(x.dim(0) * x.dim(1), x.dim(2), x.dim(3)); // (B·H, T, D)
        Rope rope = new Rope(new PlainFrequencies(10_000));
        return rope.rotate(rows, x.dim(3), first).reshape(x.shape().dims()); // (B, H, T, D)
    }
}
