package gradus.layers.activation;

import gradus.tensor.Tensor;

/// `y = ½x(1 + tanh(√(2/π)(x + 0.044715x³)))`, at most 4.8e-4 from [Gelu]. Hendrycks & Gimpel 2016, arXiv:1606.08415.
/// The `gelu_new` of GPT-2.
public record GeluTanh() implements Activation {
    @Override
    public Tensor forward(Tensor x) {
        return x.geluTanh();
    }
}
