package gradus.tensor.kernel;

import gradus.tensor.memory.Buffer;

/// What an attention reads.
///
/// @param q    queries
/// @param k    keys
/// @param v    values
/// @param bias (H, T+S-1), `logit(i, j) += bias[h, j - i + T - 1]`, or null
public record AttentionInput(Heads q, Heads k, Heads v, Buffer bias) {
    /// Without a bias.
    public AttentionInput(Heads q, Heads k, Heads v) {
        this(q, k, v, null);
    }
}
