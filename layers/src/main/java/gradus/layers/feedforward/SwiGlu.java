package gradus.layers.feedforward;

import gradus.tensor.kernel.Gate;
import gradus.tensor.random.Rng;

/// The gated unit with SiLU, also called swish: `y = W_down·(SiLU(W_gate·x) ∘ W_up·x)`.
/// Shazeer 2020, arXiv:2002.05202, equation 6, without biases: the feed-forward network of Llama, Qwen and
/// Mistral.
public final class SwiGlu extends GatedFeedForward {
    /// @param dim    C
    /// @param hidden F, for instance [GatedFeedForward#hiddenFor]
    /// @param rng    random numbers for the initial weights
    /// @throws gradus.error.ConfigException if a size is below 1
    public SwiGlu(int dim, int hidden, Rng rng) {
        super(Gate.SILU, dim, hidden, rng);
    }
}
