package gradus.tensor.kernel;

import gradus.tensor.mask.KeyMask;
import gradus.tensor.mask.KeyRanges;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;

/// Softmax attention over all heads, see [AttentionShape].
public interface AttentionKernels {

    /// `out = softmax(scale·q·kᵀ + bias + mask)·v` for each head; keeps the log-sum-exp of each row's
    /// logits. A query that sees no key gets zeros and a log-sum-exp of -∞.
    void attention(AttentionShape shape, AttentionInput in, AttentionOutput out);

    /// With `P = exp(scale·q·kᵀ + bias - lse)` and `δ = Σ dout·out - dlse`: `dv = Pᵀ·dout`, `dS =
    /// P∘(dout·vᵀ - δ)`, `dq = scale·dS·k`, `dk = scale·dSᵀ·q`, `dbias[h, j - i + T - 1] = Σ dS[i, j]`.
    /// Heads that share a key head add up.
    void attentionBackward(
            AttentionShape shape,
            AttentionInput in,
            AttentionOutput saved,
            AttentionOutput upstream,
            HeadGradients gradients);

    /// Where the gradients of q, k and v go: all three, laid out like q, k and v, added or replaced alike.
    /// That of the bias goes its own way, or is null.
    record HeadGradients(Heads dq, Heads dk, Heads dv, boolean accumulate, Destination dbias) {
        public HeadGradients(Heads dq, Heads dk, Heads dv, boolean accumulate) {
            this(dq, dk, dv, accumulate, null);
        }
    }

    /// The sizes of an attention, the factor on its logits and who may see whom.
    ///
    /// @param batch   B
    /// @param queries T, query positions
    /// @param keys    S, key and value positions
    /// @param heads   H, query heads
    /// @param kvHeads K, key and value heads; query head h reads key head `h / (H/K)`
    /// @param headDim D
    /// @param scale   factor on q·k, commonly 1/√D
    /// @param mask    the keys that each query sees
    record AttentionShape(
            int batch, int queries, int keys, int heads, int kvHeads, int headDim, double scale, KeyRanges mask) {

        /// The same with a mask that is yet to be read.
        ///
        /// @throws gradus.error.ShapeException if the mask gives keys that do not exist
        public AttentionShape(
                int batch, int queries, int keys, int heads, int kvHeads, int headDim, double scale, KeyMask mask) {
            this(batch, queries, keys, heads, kvHeads, headDim, scale, KeyRanges.of(mask, batch, heads, queries, keys));
        }

        /// The number of entries of a relative bias for each head, `T + S - 1`.
        public int distances() {
            return queries + keys - 1;
        }
    }

    /// Where the heads of a query, key or value projection lie: head h at position t of sequence b is the D
    /// elements from `offset + b·batchStride + t·stride + h·D`. So q, k and v can share one (B, T, 3·H·D)
    /// projection, cached keys can be the beginning of a longer block, and nothing is copied.
    record Heads(Buffer buffer, int offset, int stride, int batchStride) {}

    /// What an attention reads.
    ///
    /// @param q    queries
    /// @param k    keys
    /// @param v    values
    /// @param bias (H, T+S-1), `logit(i, j) += bias[h, j - i + T - 1]`, or null
    record AttentionInput(Heads q, Heads k, Heads v, Buffer bias) {
        /// Without a bias.
        public AttentionInput(Heads q, Heads k, Heads v) {
            this(q, k, v, null);
        }
    }

    /// What an attention writes, and the gradients that come back by it.
    ///
    /// @param out (B, T, H·D)
    /// @param lse (B, H, T), the log-sum-exp of each row's logits; of gradients null where nobody used it
    record AttentionOutput(Buffer out, Buffer lse) {}
}
