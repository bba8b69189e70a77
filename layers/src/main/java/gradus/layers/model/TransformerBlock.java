package gradus.layers.model;

import gradus.layers.Dropout;
import gradus.layers.Transform;
import gradus.layers.attention.AttentionConfig;
import gradus.layers.attention.SelfAttention;
import gradus.layers.attention.cache.KvCache;
import gradus.layers.feedforward.FeedForward;
import gradus.layers.model.config.GptConfig;
import gradus.layers.norm.Norm;
import gradus.layers.position.Position;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;

/// Attention, then a feed-forward network, each with a norm and a residual sum. The subclass decides their
/// order.
public abstract class TransformerBlock extends Block {
    protected final Norm norm1;
    protected final SelfAttention attention;
    protected final Dropout dropout1;
    protected final Norm norm2;
    protected final FeedForward feedForward;
    protected final Dropout dropout2;

    protected TransformerBlock(GptConfig config, Position position, Rng rng) {
        int dim = config.dim();
        AttentionConfig plain = AttentionConfig.of(dim, config.heads()).withPosition(position);
        this.norm1 = child("ln_1", config.norm().create(dim));
        this.attention = child("attn", config.attention().create(config, plain, rng.at("attn")));
        this.dropout1 = child("attn_dropout", new Dropout(config.dropout()));
        this.norm2 = child("ln_2", config.norm().create(dim));
        this.feedForward = child("mlp", config.feedForward().create(dim, rng.at("mlp")));
        this.dropout2 = child("mlp_dropout", new Dropout(config.dropout()));
    }

    @Override
    public final Tensor forward(Tensor x) {
        return hooked(forward(x, attention)); // (B, T, C)
    }

    @Override
    public final Tensor forward(Tensor x, KvCache cache) {
        return hooked(forward(x, normed -> attention.forward(normed, cache))); // (B, T, C)
    }

    /// Combines the parts.
    ///
    /// **Shapes** x (B, T, C) → (B, T, C)
    ///
    /// @param attend the attention, with or without a cache
    protected abstract Tensor forward(Tensor x, Transform attend);

    @Override
    public final boolean cacheable() {
        return attention.cacheable();
    }

    /// The block that a configuration asks for.
    ///
    /// @param position of this block, see [Position#forBlock]
    /// @param rng      random numbers for the initial weights
    public static TransformerBlock of(GptConfig config, Position position, Rng rng) {
        return switch (config.placement()) {
            case PRE -> new PreNormBlock(config, position, rng);
            case POST -> new PostNormBlock(config, position, rng);
        };
    }
}
