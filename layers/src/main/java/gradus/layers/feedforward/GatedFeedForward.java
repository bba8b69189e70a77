package gradus.layers.feedforward;

import static gradus.error.ConfigException.require;

import gradus.layers.Linear;
import gradus.layers.WeightKind;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Gate;
import gradus.tensor.op.Gated;
import gradus.tensor.random.Rng;

/// A feed-forward network whose hidden units are gated: `y = W_down·(f(W_gate·x) ∘ W_up·x)`, without biases.
/// Shazeer 2020, arXiv:2002.05202. The variants [Glu], [GeGlu], [ReGlu] and [SwiGlu] differ in f.
///
/// Three matrices instead of an [Mlp]'s two: with F hidden units `6·C·F` operations a position. With F =
/// ⅔·4·C, which [#hiddenFor] computes, it costs as much as an Mlp with F = 4·C.
public abstract class GatedFeedForward extends FeedForward {
    private final Gate gate;
    private final Linear gateProjection; // (..., C) → (..., F)
    private final Linear upProjection; // (..., C) → (..., F)
    private final Linear downProjection; // (..., F) → (..., C)

    GatedFeedForward(Gate gate, int dim, int hidden, Rng rng) {
        this.gate = gate;
        this.gateProjection = child("gate_proj", new Linear(dim, hidden, false, rng.at("gate_proj")));
        this.upProjection = child("up_proj", new Linear(dim, hidden, false, rng.at("up_proj")));
        this.downProjection = child(
                "down_proj", new Linear(hidden, dim, false, rng.at("down_proj")).as(WeightKind.OUTPUT_PROJECTION));
    }

    /// **Shapes** x (..., C) → (..., C)
    @Override
    public final Tensor forward(Tensor x) {
        Tensor hidden = Gated.apply(gate, gateProjection.forward(x), upProjection.forward(x)); // (..., F)
        return hooked(downProjection.forward(hidden)); // (..., C)
    }

    /// Llama's rule for F: two thirds of 4·C, times a multiplier, rounded down each time, and then up to a
    /// multiple of a number that suits the hardware. Llama 2 7B: `hiddenFor(4096, 1, 256)` = 11008; Llama 3
    /// 8B: `hiddenFor(4096, 1.3, 1024)` = 14336.
    ///
    /// @param dim        C
    /// @param multiplier how much wider or narrower than two thirds of 4·C
    /// @param multipleOf what F is to be a multiple of
    /// @throws gradus.error.ConfigException if one is out of range
    public static int hiddenFor(int dim, double multiplier, int multipleOf) {
        require(dim >= 1, "hiddenFor: dim must be at least 1; got %d", dim);
        require(
                multiplier > 0 && Double.isFinite(multiplier),
                "hiddenFor: multiplier must be above 0; got %s",
                multiplier);
        require(multipleOf >= 1, "hiddenFor: multipleOf must be at least 1; got %d", multipleOf);
        long twoThirds = 2 * (4L * dim) / 3;
        long scaled = (long) (multiplier * twoThirds);
        long rounded = (scaled + multipleOf - 1) / multipleOf * multipleOf;
        require(
                rounded >= 1 && rounded <= Integer.MAX_VALUE,
                "hiddenFor: dim %d and multiplier %s give a hidden size of %d",
                dim,
                multiplier,
                rounded);
        return (int) rounded;
    }
}
