package gradus.tensor.kernel;

import gradus.tensor.mask.KeyMask;
import gradus.tensor.mask.KeyRanges;

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
public record AttentionShape(
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
