package gradus.layers.attention;

import gradus.layers.position.Position;
import gradus.layers.position.RotaryPosition;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.op.KeysAndValues;

/// Queries that meet keys by a position, without a layer around them, as the last ones of a longer sequence where
/// there are fewer of them.
public final class Meeting {
    private Meeting() {}

    /// **Shapes** q (B, T, H·D), k and v (B, S, K·D), none of them rotated → (B, T, H·D)
    public static Tensor of(Position position, Tensor q, Tensor k, Tensor v, int heads, KeyMask mask) {
        int headDim = q.dim(2) / heads;
        AttentionConfig config =
                new AttentionConfig(q.dim(2), heads, k.dim(2) / headDim, headDim, false, false, mask, position);
        Tensor keys = position instanceof RotaryPosition rotary ? rotary.rotateKeys(k, headDim, 0) : k; // (B, S, K·D)
        return SelfAttention.meet(q, KeysAndValues.of(keys, v), config, k.dim(1) - q.dim(1), mask);
    }
}
