package gradus.layers.activation;

import gradus.tensor.Tensor;

/// `y = max(x, 0)`. Nair & Hinton 2010. The derivative at 0 is taken as 0.
public record Relu() implements Activation {
    @Override
    public Tensor forward(Tensor x) {
        return x.relu();
    }
}
