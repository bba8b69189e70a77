package gradus.tensor.op;

import static gradus.error.ShapeException.require;

import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;

/// What an attention needs to know beside q, k and v.
///
/// @param heads H, query heads
/// @param mask  which keys each query sees
/// @param scale factor on q·k, or null for 1/√D
/// @param bias  (H, T+S-1), added by distance: `logit(i, j) += bias[h, j - i + T - 1]`, or null
public record AttentionSettings(int heads, KeyMask mask, Double scale, Tensor bias) {
    public AttentionSettings {
        require(scale == null || Double.isFinite(scale), "attention: scale must be a finite number; got %s", scale);
    }

    /// With the factor 1/√D and no bias.
    public static AttentionSettings of(int heads, KeyMask mask) {
        return new AttentionSettings(heads, mask, null, null);
    }

    /// With another factor on q·k.
    public AttentionSettings withScale(double scale) {
        return new AttentionSettings(heads, mask, scale, bias);
    }

    /// With a bias by distance: entry T-1 of T+S-1 is for a query and key of the same index. Null takes it
    /// away.
    ///
    /// **Shapes** bias (H, T+S-1)
    public AttentionSettings withBias(Tensor bias) {
        return new AttentionSettings(heads, mask, scale, bias);
    }
}
