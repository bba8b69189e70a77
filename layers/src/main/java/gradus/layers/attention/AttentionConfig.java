package gradus.layers.attention;

import static gradus.error.ConfigException.require;

import gradus.layers.position.NoPosition;
import gradus.layers.position.Position;
import gradus.tensor.mask.KeyMask;

/// The sizes and the parts of a self-attention layer.
///
/// @param dim      C, channels of the input and of the result
/// @param heads    H, query heads
/// @param kvHeads  K, key and value heads; a divisor of heads
/// @param headDim  D, the size of a head, C/H in most models
/// @param bias     whether the projections of queries, keys and values add a bias, as in Qwen2
/// @param qkNorm   whether queries and keys are normalised, as in Qwen3
/// @param mask     which keys each query sees
/// @param position how the layer learns where a token stands
public record AttentionConfig(
        int dim, int heads, int kvHeads, int headDim, boolean bias, boolean qkNorm, KeyMask mask, Position position) {

    /// @throws gradus.error.ConfigException if a size does not fit
    public AttentionConfig {
        require(heads >= 1, "attention: heads must be at least 1; got %d", heads);
        require(dim >= 1, "attention: dim must be at least 1; got %d", dim);
        require(
                kvHeads >= 1 && heads % kvHeads == 0,
                "attention: heads must be divisible by kvHeads; got heads=%d, kvHeads=%d",
                heads,
                kvHeads);
        require(headDim >= 1, "attention: headDim must be at least 1; got %d", headDim);
        require(mask != null, "attention: a mask must be given; KeyMask.full() lets every query see all keys");
        require(position != null, "attention: a position must be given; for none, give new NoPosition()");
    }

    /// Causal multi-head attention without positions.
    ///
    /// @param dim   C, a multiple of heads
    /// @param heads H
    /// @throws gradus.error.ConfigException if dim is not a multiple of heads
    public static AttentionConfig of(int dim, int heads) {
        require(heads >= 1, "attention: heads must be at least 1; got %d", heads);
        require(
                dim >= 1 && dim % heads == 0,
                "attention: dim must be divisible by heads; got dim=%d, heads=%d",
                dim,
                heads);
        return new AttentionConfig(dim, heads, heads, dim / heads, false, false, KeyMask.causal(), new NoPosition());
    }

    public AttentionConfig withKvHeads(int kvHeads) {
        return new AttentionConfig(dim, heads, kvHeads, headDim, bias, qkNorm, mask, position);
    }

    public AttentionConfig withHeadDim(int headDim) {
        return new AttentionConfig(dim, heads, kvHeads, headDim, bias, qkNorm, mask, position);
    }

    public AttentionConfig withBias(boolean bias) {
        return new AttentionConfig(dim, heads, kvHeads, headDim, bias, qkNorm, mask, position);
    }

    public AttentionConfig withQkNorm(boolean qkNorm) {
        return new AttentionConfig(dim, heads, kvHeads, headDim, bias, qkNorm, mask, position);
    }

    public AttentionConfig withMask(KeyMask mask) {
        return new AttentionConfig(dim, heads, kvHeads, headDim, bias, qkNorm, mask, position);
    }

    public AttentionConfig withPosition(Position position) {
        return new AttentionConfig(dim, heads, kvHeads, headDim, bias, qkNorm, mask, position);
    }
}
