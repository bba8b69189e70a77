package gradus.tensor.kernel;

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
}
