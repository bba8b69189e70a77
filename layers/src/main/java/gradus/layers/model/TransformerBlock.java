package gradus.layers.model;

import gradus.layers.Dropout;
import gradus.layers.Layer;
import gradus.layers.Transform;
import gradus.layers.activation.GeluTanh;
import gradus.layers.attention.MultiHeadAttention;
import gradus.layers.feedforward.Mlp;
import gradus.layers.norm.LayerNorm;
import gradus.tensor.Rng;
import gradus.tensor.Tensor;

/// A pre-norm transformer block: `x ← x + attention(norm₁(x))`, `x ← x + mlp(norm₂(x))`.
/// Radford et al. 2019 (GPT-2), section 2.3: with the norm inside the branch, gradients reach every block through the
/// sums unchanged.
public final class TransformerBlock extends Layer implements Transform {
    private final LayerNorm norm1;
    private final MultiHeadAttention attention;
    private final Dropout dropout1;
    private final LayerNorm norm2;
    private final Mlp mlp;
    private final Dropout dropout2;

    public TransformerBlock(GptConfig config, Rng rng) {
        int dim = config.dim();
        this.norm1 = child("ln_1", new LayerNorm(dim, Gpt.EPS));
        this.attention = child("attn", new MultiHeadAttention(dim, config.heads(), rng.at("attn")));
        this.dropout1 = child("attn_dropout", new Dropout(config.dropout()));
        this.norm2 = child("ln_2", new LayerNorm(dim, Gpt.EPS));
        this.mlp = child("mlp", new Mlp(dim, 4 * dim, new GeluTanh(), rng.at("mlp")));
        this.dropout2 = child("mlp_dropout", new Dropout(config.dropout()));
    }

    /// **Shapes** x (B, T, C) → (B, T, C)
    @Override
    public Tensor forward(Tensor x) {
        x = x.add(dropout1.forward(attention.forward(norm1.forward(x))));
        return x.add(dropout2.forward(mlp.forward(norm2.forward(x))));
    }
}
