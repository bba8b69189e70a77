package gradus.layers.attention;

import gradus.layers.position.Position;
import gradus.layers.position.RotaryPosition;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.op.KeysAndValues;

/// Attention with a position, without a layer around it. Where there are fewer queries than keys, they are the last
/// ones of the sequence.
public final class ByPosition {
    private ByPosition() {}

    /// **Shapes** q (B, T, H·D), k and v (B, S, K·D), none of them rotated → (B, T, H·D)
    public static Tensor of(Position position, Tensor q, Tensor k, Tensor v, int heads, KeyMask mask) {
        int headDim = q.dim(2) / heads;
        AttentionConfig config =
                new AttentionConfig(q.dim(2), heads, k.dim(2) / headDim, headDim, false, false, mask, position);
        Tensor keys = position instanceof RotaryPosition rotary ? rotary.rotateKeys(k, headDim, 0) : k; // (B, S, K·D)
        return SelfAttention.attendByKind(q, KeysAndValues.of(keys, v), config, k.dim(1) - q.dim(1), mask);
    }
}
