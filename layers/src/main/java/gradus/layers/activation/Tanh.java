package gradus.layers.activation;

import gradus.tensor.Tensor;

/// `y = tanh x`.
public record Tanh() implements Activation {
    @Override
    public Tensor forward(Tensor x) {
        return x.tanh();
    }
}
