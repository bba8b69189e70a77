package gradus.lessons;

import gradus.layers.Linear;
import gradus.layers.feedforward.FeedForward;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;

// --- a layer
/// A feed-forward layer with a squared ReLU: `y = W₂·relu(W₁x + b₁)² + b₂`.
/// So et al. 2021, "Primer: searching for efficient transformers", arXiv:2109.08668.
public final class SquaredReluMlp extends FeedForward {
    private final Linear up; // (hidden, C)
    private final Linear down; // (C, hidden)

    public SquaredReluMlp(int dim, int hidden, Rng rng) {
        this.up = child("up", new Linear(dim, hidden, rng.at("up")));
        this.down = child("down", new Linear(hidden, dim, rng.at("down")));
    }

    /// **Shapes** x (..., C) → (..., C)
    @Override
    public Tensor forward(Tensor x) {
        Tensor h = up.forward(x).relu().square(); // (..., hidden)
        return down.forward(h); // (..., C)
    }
}
// ---
