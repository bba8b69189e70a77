package gradus.lessons.lab.knowledge;

import gradus.layers.Linear;
import gradus.layers.attention.AttentionConfig;
import gradus.layers.attention.SelfAttention;
import gradus.layers.attention.cache.KvCache;
import gradus.layers.feedforward.FeedForward;
import gradus.layers.model.Block;
import gradus.layers.model.config.GptConfig;
import gradus.layers.norm.Norm;
import gradus.layers.position.Position;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Shape;

/// A pre-norm block in which each place first takes in the one before it: `x_t ← x_t + P·x_(t−1)`, then
/// `x ← x + attention(norm₁(x))`, `x ← x + feedForward(norm₂(x))`.
///
/// To look up what follows a word, a transformer needs two layers, of which the first does nothing but this. It
/// is found late in training. Olsson et al. 2022 (*In-context Learning and Induction Heads*, arXiv:2209.11895)
/// give each key a share of the one before it, and one layer looks up at once; here all of x has it, by a
/// matrix.
final class SmearedBlock extends Block {
    private final Linear previous; // P
    private final Norm norm1;
    private final SelfAttention attention;
    private final Norm norm2;
    private final FeedForward feedForward;

    SmearedBlock(GptConfig config, Position position, Rng rng) {
        int dim = config.dim();
        AttentionConfig plain = AttentionConfig.of(dim, config.heads()).withPosition(position);
        this.previous = child("previous", new Linear(dim, dim, false, rng.at("previous")));
        this.norm1 = child("ln_1", config.norm().create(dim));
        this.attention = child("attn", config.attention().create(config, plain, rng.at("attn")));
        this.norm2 = child("ln_2", config.norm().create(dim));
        this.feedForward = child("mlp", config.feedForward().create(dim, rng.at("mlp")));
    }

    /// **Shapes** x (B, T, C) → (B, T, C)
    @Override
    public Tensor forward(Tensor x) {
        x = smeared(x); // (B, T, C)
        x = x.add(attention.forward(norm1.forward(x))); // (B, T, C)
        return hooked(x.add(feedForward.forward(norm2.forward(x)))); // (B, T, C)
    }

    /// **Shapes** x (B, T, C) → (B, T, C)
    private Tensor smeared(Tensor x) {
        int time = x.dim(1);
        Tensor first = x.newFull(Shape.of(x.dim(0), 1, x.dim(2)), 0); // (B, 1, C)
        Tensor before = time == 1 ? first : Tensor.concat(1, first, x.slice(1, 0, time - 1)); // (B, T, C)
        return x.add(previous.forward(before)); // (B, T, C)
    }

    @Override
    public Tensor forward(Tensor x, KvCache cache) {
        throw new UnsupportedOperationException("what stood before a cached text is not kept");
    }

    @Override
    public boolean cacheable() {
        return false;
    }
}
