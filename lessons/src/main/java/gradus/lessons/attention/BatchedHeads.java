package gradus.lessons.attention;

import gradus.tensor.Tensor;

/// Attention of all heads of all sequences at once.
public final class BatchedHeads {
    private BatchedHeads() {}

    /// `softmax(q·kᵀ / √D)·v` for each sequence and each head by itself, the softmax over the keys. No mask.
    ///
    /// **Shapes** q (B, H, Tq, D), k (B, H, Tk, D), v (B, H, Tk, Dv) → (B, H, Tq, Dv); Tq, Tk, D and Dv may all
    /// be different
    public static Tensor attend(Tensor q, Tensor k, Tensor v) {
        // --- your answer
        Tensor scores = q.matmul(k.transpose(2, 3)).div(Math.sqrt(q.dim(3))); // (B, H, Tq, Tk)
        Tensor weights = scores.softmax(3); // (B, H, Tq, Tk)
        return weights.matmul(v); // (B, H, Tq, Dv)
        // ---
    }
}
