package gradus.layers.activation;

import gradus.tensor.Tensor;

/// `y = x·σ(x)`, also called swish. Elfwing, Uchibe & Doya 2017, arXiv:1702.03118.
public record SiLU() implements Activation {
    @Override
    public Tensor forward(Tensor x) {
        return x.silu();
    }
}
