package gradus.layers.position;

import static gradus.error.ConfigException.require;

import gradus.layers.WeightKind;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;

/// T5's learned bias: `logit(i, j) += W[bucket(j - i), h]`, one number for each head and
/// [bucket][T5Buckets] of distances. Raffel et al. 2020, arXiv:1910.10683, 2.1. One table serves all
/// blocks.
///
/// T5 itself does not divide logits by √D, but initialises its query weights smaller. Here logits are divided
/// as everywhere else, so the query weights of a T5 checkpoint must be multiplied by √D.
public final class T5RelativeBias extends BiasPosition {
    private static final double DEVIATION = 0.02;

    private final T5Buckets buckets;
    private final Tensor weight; // (buckets, H)

    /// @param heads H
    /// @param rng   random numbers for the initial weights
    /// @throws gradus.error.ConfigException if heads is below 1
    public T5RelativeBias(T5Buckets buckets, int heads, Rng rng) {
        require(buckets != null, "T5RelativeBias: buckets must be given; got null");
        require(heads >= 1, "T5RelativeBias: heads must be at least 1; got %d", heads);
        this.buckets = buckets;
        Tensor start = Tensor.randn(rng.at("weight"), buckets.count(), heads).mul(DEVIATION);
        this.weight = param("relative_attention_bias.weight", WeightKind.TABLE, start);
    }

    @Override
    public Tensor bias(int queries, int keys, DType dtype) {
        int[] ids = new int[queries + keys - 1];
        for (int r = 0; r < ids.length; r++) {
            ids[r] = buckets.bucket(r - (keys - 1));
        }
        return weight.embedding(Indices.of(ids)).transpose(0, 1); // (H, T+S-1)
    }
}
