package gradus.layers.feedforward;

import gradus.tensor.kernel.Gate;
import gradus.tensor.random.Rng;

/// The gated unit with GELU: `y = W_down·(GELU(W_gate·x) ∘ W_up·x)`, GELU in its exact form.
/// Shazeer 2020, arXiv:2002.05202, equation 6, without biases.
public final class GeGlu extends GatedFeedForward {
    /// @param dim    C
    /// @param hidden F, for instance [GatedFeedForward#hiddenFor]
    /// @param rng    random numbers for the initial weights
    /// @throws gradus.error.ConfigException if a size is below 1
    public GeGlu(int dim, int hidden, Rng rng) {
        super(Gate.GELU, dim, hidden, rng);
    }
}
