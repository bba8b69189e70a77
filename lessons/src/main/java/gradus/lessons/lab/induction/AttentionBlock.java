package gradus.lessons.lab.induction;

import gradus.layers.Transform;
import gradus.layers.attention.AttentionConfig;
import gradus.layers.attention.SelfAttention;
import gradus.layers.attention.cache.KvCache;
import gradus.layers.model.Block;
import gradus.layers.model.config.GptConfig;
import gradus.layers.norm.Norm;
import gradus.layers.position.Position;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;

/// A block without a feed-forward network: `x ← x + attention(norm(x))`. Elhage et al. 2021, *A Mathematical
/// Framework for Transformer Circuits*, has models of such blocks alone.
final class AttentionBlock extends Block {
    private final Norm norm;
    private final SelfAttention attention;

    AttentionBlock(GptConfig config, Position position, Rng rng) {
        AttentionConfig plain = AttentionConfig.of(config.dim(), config.heads()).withPosition(position);
        this.norm = child("ln_1", config.norm().create(config.dim()));
        this.attention = child("attn", config.attention().create(config, plain, rng.at("attn")));
    }

    @Override
    public Tensor forward(Tensor x) {
        return hooked(forward(x, attention)); // (B, T, C)
    }

    @Override
    public Tensor forward(Tensor x, KvCache cache) {
        return hooked(forward(x, normed -> attention.forward(normed, cache))); // (B, T, C)
    }

    private Tensor forward(Tensor x, Transform attend) {
        return x.add(attend.forward(norm.forward(x))); // (B, T, C)
    }

    @Override
    public boolean cacheable() {
        return attention.cacheable();
    }
}
