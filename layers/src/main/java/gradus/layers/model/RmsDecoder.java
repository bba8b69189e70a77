package gradus.layers.model;

import gradus.layers.Embedding;
import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.layers.Transform;
import gradus.layers.WeightKind;
import gradus.layers.attention.AttentionConfig;
import gradus.layers.attention.GroupedQueryAttention;
import gradus.layers.attention.cache.KvCache;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.norm.RMSNorm;
import gradus.layers.position.Position;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.function.Function;

/// What [Llama], [Qwen2] and [Mixtral] share: token embeddings, L pre-norm blocks with RMSNorm and
/// grouped-query attention rotated by rotary positions as far as [gradus.layers.model.config.Reach] says, a
/// last norm, and a head: `logits = norm(block_L(…block₁(W_E[id])))·W_Hᵀ`.
///
/// Weights start as [InitialWeights] says. Parameters go by Hugging Face's names,
/// `model.embed_tokens.weight` to `lm_head.weight`; a tied model has no `lm_head`.
public abstract sealed class RmsDecoder extends Decoder permits Llama, Qwen2, Mixtral {
    private final LlamaConfig config;

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
        int dim = config.dim();
        Position position = config.reach().position(config.frequencies());
        tokens("model.embed_tokens", new Embedding(config.vocabSize(), dim, rng.at("model.embed_tokens")));
        position("model.rotary_emb", position);
        for (int i = 0; i < config.layers(); i++) {
            String name = "model.layers." + i;
            block(name, new RmsBlock(config, attention(config, family, position, i), family, rng.at(name)));
        }
        norm("model.norm", new RMSNorm(dim, config.eps()));
        if (!config.tied()) {
            head("lm_head", new Linear(dim, config.vocabSize(), false, rng.at("lm_head")).as(WeightKind.TABLE));
        }
        InitialWeights.small(dim, config.layers()).start(this, rng);
    }

    private static AttentionConfig attention(LlamaConfig config, Family<?> family, Position position, int block) {
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

    public final LlamaConfig config() {
        return config;
    }
}
