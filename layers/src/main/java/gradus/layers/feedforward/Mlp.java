package gradus.layers.feedforward;

import gradus.layers.Linear;
import gradus.layers.WeightKind;
import gradus.layers.activation.Activation;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;

/// The position-wise feed-forward network: `y = W₂·f(W₁·x + b₁) + b₂`. Vaswani et al. 2017, arXiv:1706.03762,
/// section 3.3, with any activation f. Costs `4·C·F` operations a position.
public final class Mlp extends FeedForward {
    private final Linear expand; // (..., C) → (..., F)
    private final Activation activation;
    private final Linear contract; // (..., F) → (..., C)

    /// @param dim        C
    /// @param hidden     F, four times C in most models
    /// @param activation f
    /// @param rng        random numbers for the initial weights
    /// @throws gradus.error.ConfigException if a size is below 1
    public Mlp(int dim, int hidden, Activation activation, Rng rng) {
        this.activation = activation;
        this.expand = child("c_fc", new Linear(dim, hidden, rng.at("c_fc")));
        this.contract = child("c_proj", new Linear(hidden, dim, rng.at("c_proj")).as(WeightKind.OUTPUT_PROJECTION));
    }

    /// **Shapes** x (..., C) → (..., C)
    @Override
    public Tensor forward(Tensor x) {
        Tensor hidden = activation.forward(expand.forward(x)); // (..., F)
        return hooked(contract.forward(hidden)); // (..., C)
    }
}
