package gradus.layers.adapter;

import gradus.layers.Embedding;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;

/// [Lora] of an Embedding: `y = W[id] + s·B·A[:, id]`. The roles are the other way round than on a Linear: A
/// starts with 0 and B is normal, as in microsoft/LoRA and peft. There is no dropout, as there is nothing but
/// numbers of tokens to drop.
public final class LoraEmbedding extends Part {
    private final Tensor a; // (r, V)
    private final Tensor b; // (C, r)
    private final double scale;

    LoraEmbedding(LowRank start, double scale) {
        this.a = param("lora_embedding_A", start.a());
        this.b = param("lora_embedding_B", start.b());
        this.scale = scale;
    }

    /// @param weight (V, C)
    static LowRank start(Tensor weight, int r, Rng rng) {
        DType dtype = weight.dtype();
        return new LowRank(
                Tensor.zeros(r, weight.dim(0)).to(dtype),
                Tensor.randn(rng, weight.dim(1), r).to(dtype));
    }

    @Override
    Tensor added(Embedding base, Indices ids, Tensor y) {
        return a.transpose(0, 1).embedding(ids).linear(b, null).mul(scale); // (..., C)
    }

    @Override
    public Tensor deltaWeight(Tensor weight) {
        return a.matmul(b, true, true).mul(scale); // (V, C)
    }

    /// (r, V)
    public Tensor a() {
        return a;
    }

    /// (C, r)
    public Tensor b() {
        return b;
    }

    /// s
    public double scale() {
        return scale;
    }
}
