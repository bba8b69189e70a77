package gradus.layers.attention;

import gradus.error.ConfigException;
import gradus.layers.Linear;
import gradus.layers.WeightKind;
import gradus.layers.attention.cache.KvCache;
import gradus.layers.position.EmbeddingPosition;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;

/// Multi-head self-attention: `y = concat(O₁ … O_H)·W_Oᵀ`, `O_h = softmax(Q_h·K_hᵀ/√D + mask)·V_h`, with
/// a causal mask unless another is given. Vaswani et al. 2017, arXiv:1706.03762.
///
/// One projection computes queries, keys and values side by side, as GPT-2's `c_attn` does; each head has D
/// consecutive channels. Probabilities are never stored (see [gradus.tensor.op.Attention]), so there is no
/// dropout on them; GPT-2's dropout on embeddings and residual branches belongs to the model and its blocks.
/// Costs `8·C²` operations a position for the projections and about `2·T·C` for the attention itself, half of
/// what it would be without the mask.
public final class MultiHeadAttention extends SelfAttention {
    private final AttentionConfig config;
    private final Linear project; // (B, T, C) → (B, T, 3·C)
    private final Linear output; // (B, T, C) → (B, T, C)

    /// Causal, without positions.
    ///
    /// @param dim   C, a multiple of heads
    /// @param heads H
    /// @param rng   random numbers for the initial weights
    /// @throws ConfigException if dim is not a multiple of heads
    public MultiHeadAttention(int dim, int heads, Rng rng) {
        this(AttentionConfig.of(dim, heads), rng);
    }

    /// @param config with K = H and D = C/H
    /// @throws ConfigException if the configuration differs from this
    public MultiHeadAttention(AttentionConfig config, Rng rng) {
        int dim = config.dim();
        ConfigException.require(
                config.kvHeads() == config.heads() && config.headDim() * config.heads() == dim && !config.qkNorm(),
                "MultiHeadAttention: kvHeads must be heads, headDim must be dim/heads and qkNorm off; got %s",
                config);
        this.config = config;
        this.project = child("c_attn", new Linear(dim, 3 * dim, rng.at("c_attn")));
        this.output = child("c_proj", new Linear(dim, dim, rng.at("c_proj")).as(WeightKind.OUTPUT_PROJECTION));
        child("position", config.position());
    }

    /// **Shapes** x (B, T, C) → (B, T, C)
    @Override
    public Tensor forward(Tensor x) {
        Tensor qkv = project.forward(x); // (B, T, 3·C)
        if (config.position() instanceof EmbeddingPosition) { // q and k need no rotation, so they are read in place
            return hooked(output.forward(qkv.selfAttention(config.heads(), config.mask()))); // (B, T, C)
        }
        return hooked(output.forward(attend(part(qkv, 0), part(qkv, 1), part(qkv, 2), config))); // (B, T, C)
    }

    @Override
    public boolean cacheable() {
        return config.mask().cacheable();
    }

    @Override
    public Tensor forward(Tensor x, KvCache cache) {
        Tensor qkv = project.forward(x); // (B, T, 3·C)
        return hooked(output.forward(attend(part(qkv, 0), part(qkv, 1), part(qkv, 2), config, cache))); // (B, T, C)
    }

    /// Queries, keys or values.
    private Tensor part(Tensor qkv, int which) {
        int dim = config.dim();
        return qkv.slice(2, which * dim, (which + 1) * dim); // (B, T, C)
    }
}
