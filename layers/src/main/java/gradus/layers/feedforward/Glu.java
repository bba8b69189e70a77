package gradus.layers.feedforward;

import gradus.tensor.kernel.Gate;
import gradus.tensor.random.Rng;

/// The gated linear unit in a feed-forward network: `y = W_down·(σ(W_gate·x) ∘ W_up·x)`.
/// Dauphin et al. 2016, arXiv:1612.08083, without their biases.
public final class Glu extends GatedFeedForward {
    /// @param dim    C
    /// @param hidden F, for instance [GatedFeedForward#hiddenFor]
    /// @param rng    random numbers for the initial weights
    /// @throws gradus.error.ConfigException if a size is below 1
    public Glu(int dim, int hidden, Rng rng) {
        super(Gate.SIGMOID, dim, hidden, rng);
    }
}
