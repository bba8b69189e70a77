package gradus.layers.feedforward;

import gradus.tensor.kernel.Gate;
import gradus.tensor.random.Rng;

/// The gated unit with ReLU: `y = W_down·(max(W_gate·x, 0) ∘ W_up·x)`.
/// Shazeer 2020, arXiv:2002.05202, equation 6, without biases.
public final class ReGlu extends GatedFeedForward {
    /// @param dim    C
    /// @param hidden F, for instance [GatedFeedForward#hiddenFor]
    /// @param rng    random numbers for the initial weights
    /// @throws gradus.error.ConfigException if a size is below 1
    public ReGlu(int dim, int hidden, Rng rng) {
        super(Gate.RELU, dim, hidden, rng);
    }
}
