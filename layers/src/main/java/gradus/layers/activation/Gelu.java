package gradus.layers.activation;

import gradus.tensor.Tensor;

/// `y = x·Φ(x)` with Φ the normal distribution function, exactly. Hendrycks & Gimpel 2016, arXiv:1606.08415.
/// The `gelu` of BERT and of nanoGPT; GPT-2 itself uses [GeluTanh].
public record Gelu() implements Activation {
    @Override
    public Tensor forward(Tensor x) {
        return x.gelu();
    }
}
