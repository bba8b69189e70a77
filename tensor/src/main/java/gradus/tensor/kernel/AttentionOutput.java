package gradus.tensor.kernel;

import gradus.tensor.memory.Buffer;

/// What an attention writes, and the gradients that come back by it.
///
/// @param out (B, T, H·D)
/// @param lse (B, H, T), the log-sum-exp of each row's logits; of gradients null where nobody used it
public record AttentionOutput(Buffer out, Buffer lse) {}
