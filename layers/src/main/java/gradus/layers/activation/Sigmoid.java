package gradus.layers.activation;

import gradus.tensor.Tensor;

/// `y = σ(x) = 1/(1 + e⁻ˣ)`.
public record Sigmoid() implements Activation {
    @Override
    public Tensor forward(Tensor x) {
        return x.sigmoid();
    }
}
