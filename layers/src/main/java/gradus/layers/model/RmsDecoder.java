package gradus.layers.model;

import gradus.layers.Embedding;
import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.layers.Transform;
import gradus.layers.attention.AttentionConfig;
import gradus.layers.attention.GroupedQueryAttention;
import gradus.layers.attention.cache.KvCache;
import gradus.layers.attention.cache.KvCaches;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.model.config.Start;
import gradus.layers.norm.RMSNorm;
import gradus.layers.position.Position;
import gradus.tensor.Indices;
import gradus.tensor.Rng;
import gradus.tensor.Tensor;
import java.util.function.Function;

/// What [Llama], [Qwen2] and [Mixtral] share: token embeddings, L pre-norm blocks with RMSNorm and
/// grouped-query attention rotated by rotary positions as far as [gradus.layers.model.config.Reach] says, a
/// last norm, and a head: `logits = norm(block_L(…block₁(W_E[id])))·W_Hᵀ`.
///
/// Weights start as [InitialWeights] says. Parameters go by Hugging Face's names,
/// `model.embed_tokens.weight` to `lm_head.weight`; a tied model has no `lm_head`.
public abstract sealed class RmsDecoder extends LanguageModel permits Llama, Qwen2, Mixtral {
    private final LlamaConfig config;
    private final Embedding tokens; // (V, C)
    private final Position position;
    private final RMSNorm norm;
    private final Linear head; // (B, T, C) → (B, T, V), or null

    /// How a family differs from the others.
    ///
    /// @param qkvBias     whether the projections of queries, keys and values add a bias
    /// @param feedForward the name of a block's feed-forward part
    /// @param create      makes one, from its random numbers
    record Family<F extends Layer & Transform>(boolean qkvBias, String feedForward, Function<Rng, F> create) {}

    <F extends Layer & Transform> RmsDecoder(LlamaConfig config, Family<F> family, Rng rng) {
        config.frequencies().angles(config.headDim(), 1); // refuses a head size that it has no angles for
        super(config.validate().vocabSize(), config.context());
        this.config = config;
        this.tokens = child("model.embed_tokens", Embedding.zeros(config.vocabSize(), config.dim()));
        this.position = config.reach().position(config.frequencies());
        for (int i = 0; i < config.layers(); i++) {
            String name = "model.layers." + i;
            AttentionConfig attention = attention(config, family, i);
            block(name, new RmsBlock(config, attention, family, rng.at(name)));
        }
        this.norm = child("model.norm", new RMSNorm(config.dim(), config.eps()));
        this.head = config.tied()
                ? null
                : child("lm_head", new Linear(config.dim(), config.vocabSize(), false, rng.at("lm_head")));
        new InitialWeights(config.dim(), config.layers(), Start.SMALL).start(this, rng);
    }

    private AttentionConfig attention(LlamaConfig config, Family<?> family, int block) {
        return new AttentionConfig(
                config.dim(),
                config.heads(),
                config.kvHeads(),
                config.headDim(),
                family.qkvBias,
                false,
                config.reach().mask(block),
                position);
    }

    /// `x ← x + attention(norm₁(x))`, `x ← x + feedForward(norm₂(x))`.
    private static final class RmsBlock extends Block {
        private final RMSNorm norm1;
        private final GroupedQueryAttention attention;
        private final RMSNorm norm2;
        private final Transform feedForward;

        <F extends Layer & Transform> RmsBlock(LlamaConfig config, AttentionConfig heads, Family<F> family, Rng rng) {
            this.norm1 = child("input_layernorm", new RMSNorm(config.dim(), config.eps()));
            this.attention = child("self_attn", new GroupedQueryAttention(heads, rng.at("self_attn")));
            this.norm2 = child("post_attention_layernorm", new RMSNorm(config.dim(), config.eps()));
            this.feedForward = child(family.feedForward, family.create.apply(rng.at(family.feedForward)));
        }

        private Tensor forward(Tensor x, Transform attend) {
            x = x.add(attend.forward(norm1.forward(x)));
            return x.add(feedForward.forward(norm2.forward(x))); // (B, T, C)
        }

        @Override
        public Tensor forward(Tensor x) {
            return hooked(forward(x, attention)); // (B, T, C)
        }

        @Override
        public Tensor forward(Tensor x, KvCache cache) {
            return hooked(forward(x, normed -> attention.forward(normed, cache))); // (B, T, C)
        }

        @Override
        public boolean cacheable() {
            return attention.cacheable();
        }
    }

    @Override
    public final Tensor embed(Indices ids, KvCaches caches) {
        return tokens.forward(ids); // (B, T, C)
    }

    @Override
    public final Tensor states(Tensor x, KvCaches caches) {
        return norm.forward(blocks(x, caches)); // (B, T, C)
    }

    @Override
    public final Tensor logits(Tensor states) {
        return head == null ? states.linear(tokens.weight(), null) : head.forward(states); // (..., V)
    }

    @Override
    public final boolean cacheable() {
        return !config.frequencies().dependOnLength() && !config.reach().dependsOnLength();
    }

    @Override
    public final boolean worksBehindPadding() {
        return cacheable() && position.worksBehindPadding();
    }

    public final LlamaConfig config() {
        return config;
    }
}
