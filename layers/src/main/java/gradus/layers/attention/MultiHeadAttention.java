package gradus.layers.attention;

import static gradus.error.ConfigException.require;

import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.layers.Transform;
import gradus.tensor.Rng;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.KeyMask;

/// Causal multi-head self-attention: `y = concat(O₁ … O_H)·W_Oᵀ`, `O_h = softmax(Q_h·K_hᵀ/√D + mask)·V_h`, where
/// position t sees positions up to t. Vaswani et al. 2017, arXiv:1706.03762.
///
/// One projection makes queries, keys and values side by side, each head a run of D channels, as GPT-2's `c_attn`.
/// Probabilities are never stored (see [gradus.tensor.op.Attention]), so there is no dropout on them; GPT-2's dropout
/// on embeddings and residual branches is the block's business. Costs `8·C²` operations a position for the
/// projections and about `2·T·C` for the attention itself, half of what it would be without the mask.
public final class MultiHeadAttention extends Layer implements Transform {
    private final int heads;
    private final Linear project; // (B, T, C) → (B, T, 3·C)
    private final Linear merge; // (B, T, C) → (B, T, C)

    /// @param dim   C, a multiple of heads
    /// @param heads H
    /// @param rng   where the first weights come from
    /// @throws gradus.error.ConfigException if dim is not a multiple of heads
    public MultiHeadAttention(int dim, int heads, Rng rng) {
        require(heads >= 1, "MultiHeadAttention: heads must be at least 1; got %d", heads);
        require(
                dim >= 1 && dim % heads == 0,
                "MultiHeadAttention: dim must be divisible by heads; got dim=%d, heads=%d",
                dim,
                heads);
        this.heads = heads;
        this.project = child("c_attn", new Linear(dim, 3 * dim, rng.at("c_attn")));
        this.merge = child("c_proj", new Linear(dim, dim, rng.at("c_proj")));
    }

    /// **Shapes** x (B, T, C) → (B, T, C)
    @Override
    public Tensor forward(Tensor x) {
        Tensor qkv = project.forward(x); // (B, T, 3·C)
        Tensor mixed = qkv.selfAttention(heads, KeyMask.causal()); // (B, T, C)
        return merge.forward(mixed);
    }
}
