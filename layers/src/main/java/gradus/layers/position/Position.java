package gradus.layers.position;

import gradus.layers.Layer;
import gradus.tensor.DType;
import gradus.tensor.Indices;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.op.Attention;
import gradus.tensor.op.AttentionSettings;

/// How a model learns where a token stands. Attention by itself does not: permuting the tokens only
/// permutes its results. Each kind comes in at one of four places, and a subclass overrides the one it
/// uses:
///
/// - added to the embeddings ([#embed]): sinusoidal, learned;
/// - rotating queries and keys before they meet ([#rotate]): the RoPE family;
/// - a bias on the logits by distance ([#bias]): ALiBi, T5;
/// - scores of its own between content and distance ([#attend]): Shaw, Transformer-XL.
public abstract class Position extends Layer {

    /// The embeddings with the positions added, where that is the way.
    ///
    /// **Shapes** x (B, T, C) → (B, T, C)
    ///
    /// @param first the position of the first token, above 0 when earlier ones are in a cache
    public Tensor embed(Tensor x, int first) {
        return x;
    }

    /// The same for tokens that stand anywhere.
    ///
    /// **Shapes** x (B, T, C), positions (B, T) → (B, T, C)
    public Tensor embed(Tensor x, Indices positions) {
        return x;
    }

    /// Queries or keys with the positions rotated into them, where that is the way.
    ///
    /// **Shapes** x (B, T, N·D) → (B, T, N·D)
    ///
    /// @param headDim D, the size of one head
    /// @param first   the position of the first token
    public Tensor rotate(Tensor x, int headDim, int first) {
        return x;
    }

    /// What is added to the logits, where that is the way, else null:
    /// `logit(i, j) += bias[h, j - i + T - 1]`.
    ///
    /// @param queries T, the last of which is the last of the keys
    /// @param keys    S
    /// @param dtype   the type of the logits
    /// @return (H, T+S-1)
    public Tensor bias(int queries, int keys, DType dtype) {
        return null;
    }

    /// Lets queries meet keys that have been rotated already.
    ///
    /// **Shapes** q (B, T, H·D), k and v (B, S, K·D) → (B, T, H·D)
    public Tensor attend(Tensor q, Tensor k, Tensor v, int heads, KeyMask mask) {
        Tensor bias = bias(q.dim(1), k.dim(1), q.dtype()); // (H, T+S-1) or null
        return Attention.apply(q, k, v, AttentionSettings.of(heads, mask).withBias(bias)); // (B, T, H·D)
    }

    /// Whether [#rotate] or [#attend] do anything of their own. Where not, attention reads one projection of
    /// queries, keys and values in place.
    public boolean worksInAttention() {
        return true;
    }

    /// Whether what [#rotate] does depends on the length of the whole sequence. If so, a cache must hold keys
    /// as they were before it, and rotate all of them anew when the sequence has grown.
    public boolean rotatesByLength() {
        return false;
    }

    /// Whether attention knows distances only, so that a sequence may stand behind padding.
    public boolean worksBehindPadding() {
        return true;
    }

    /// The instance that a further block uses: this one, unless each block learns its own.
    public Position forBlock(int block) {
        return this;
    }
}
