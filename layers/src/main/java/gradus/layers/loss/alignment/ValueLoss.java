package gradus.layers.loss.alignment;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;

/// The loss of a critic: `½·max((V - R)², (clip(V, V_old ± c) - R)²)`, the squared distance of the values V
/// from the returns R, of which the worse of two counts as in [ClippedSurrogate]: a value that has moved c
/// away from V_old, what it was when the answers were drawn, is not moved further in the same step. From the
/// code of Schulman et al. 2017, arXiv:1707.06347, whose paper has the plain square; as TRL's PPO.
public final class ValueLoss {
    private ValueLoss() {}

    /// The loss of each token.
    ///
    /// **Shapes** values (N, T), old (N, T), returns (N, T) → (N, T)
    ///
    /// @param values  V
    /// @param old     V_old, used detached
    /// @param returns R, used detached
    /// @param clip    c, above 0; ∞ gives the plain half square
    /// @throws gradus.error.ConfigException if c is not above 0
    /// @throws gradus.error.ShapeException  if the shapes differ
    public static Tensor of(Tensor values, Tensor old, Tensor returns, double clip) {
        require(clip > 0, "valueLoss: clip must be above 0; got %s", clip);
        TokenShapes.requireAlike("valueLoss", "values", values, "old", old);
        TokenShapes.requireAlike("valueLoss", "values", values, "returns", returns);
        Tensor before = old.detach(); // (N, T)
        Tensor wanted = returns.detach(); // (N, T)
        Tensor clipped = before.add(values.sub(before).clamp(-clip, clip)); // (N, T)
        Tensor worse = values.sub(wanted).square().maximum(clipped.sub(wanted).square()); // (N, T)
        return worse.mul(0.5);
    }

    /// The mean over the tokens in the mask; 0 if there are none.
    ///
    /// **Shapes** values, old, returns and mask (N, T) → ()
    ///
    /// @param mask 1 at the tokens of the answers, 0 elsewhere
    public static Tensor of(Tensor values, Tensor old, Tensor returns, Tensor mask, double clip) {
        Tensor each = of(values, old, returns, clip); // (N, T)
        TokenShapes.requireAlike("valueLoss", "values", values, "mask", mask);
        return Aggregation.BNPO.of(each, mask); // ()
    }
}
