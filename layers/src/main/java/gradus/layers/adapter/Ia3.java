package gradus.layers.adapter;

import gradus.layers.Linear;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;

/// Infused adapter by inhibiting and amplifying inner activations: a factor for each output of a Linear, `y =
/// l ∘ (W·x + b)`, or, where the Linear is the second of a feed-forward network, for each input, `y = W·(l ∘
/// x) + b`. All factors start with 1. Liu et al. 2022, "Few-shot parameter-efficient fine-tuning is better
/// and cheaper than in-context learning", arXiv:2205.05638, which puts them on keys, values and the hidden
/// layer.
public final class Ia3 extends Part {
    private final Tensor factors; // (out, 1) or (1, in)
    private final boolean feedForward;

    /// @param feedForward whether it is the inputs that are scaled
    Ia3(int in, int out, boolean feedForward, DType dtype) {
        this.feedForward = feedForward;
        this.factors = param("ia3_l", (feedForward ? Tensor.ones(1, in) : Tensor.ones(out, 1)).to(dtype));
    }

    /// Whether inputs are scaled, not outputs.
    public boolean feedForward() {
        return feedForward;
    }

    /// l, (out, 1) or (1, in)
    public Tensor factors() {
        return factors;
    }

    @Override
    Tensor added(Linear base, Tensor x, Tensor y) {
        Tensor change = factors.reshape(factors.size()).sub(1); // (out) or (in)
        return feedForward ? base.product(x.mul(change)) : y.mul(change); // (..., out)
    }

    @Override
    public Tensor deltaWeight(Tensor weight) {
        return weight.mul(factors.sub(1)); // (out, in)
    }

    @Override
    Tensor deltaBias(Tensor bias) {
        return feedForward ? null : bias.mul(factors.reshape(bias.dim(0)).sub(1)); // (out)
    }
}
