package gradus.layers.feedforward;

import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.layers.Transform;
import gradus.layers.WeightKind;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Gate;
import gradus.tensor.op.Gated;
import gradus.tensor.random.Rng;

/// One expert of a mixture: `y = W₂·(SiLU(W₁·x) ∘ W₃·x)`. [SwiGlu] under the names that Mixtral gives its
/// matrices.
public final class Expert extends Layer implements Transform {
    private final Linear gate; // (..., C) → (..., F)
    private final Linear down; // (..., F) → (..., C)
    private final Linear up; // (..., C) → (..., F)

    /// @param dim    C
    /// @param hidden F
    /// @param rng    random numbers for the initial weights
    /// @throws gradus.error.ConfigException if a size is below 1
    public Expert(int dim, int hidden, Rng rng) {
        this.gate = child("w1", new Linear(dim, hidden, false, rng.at("w1")));
        this.down = child("w2", new Linear(hidden, dim, false, rng.at("w2")).as(WeightKind.OUTPUT_PROJECTION));
        this.up = child("w3", new Linear(dim, hidden, false, rng.at("w3")));
    }

    /// **Shapes** x (..., C) → (..., C)
    @Override
    public Tensor forward(Tensor x) {
        return hooked(down.forward(Gated.apply(Gate.SILU, gate.forward(x), up.forward(x)))); // (..., C)
    }
}
