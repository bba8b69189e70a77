package gradus.layers.model;

import gradus.layers.Dropout;
import gradus.layers.Embedding;
import gradus.layers.Linear;
import gradus.layers.attention.cache.KvCache;
import gradus.layers.attention.cache.KvCaches;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Head;
import gradus.layers.norm.Norm;
import gradus.layers.position.Position;
import gradus.tensor.Indices;
import gradus.tensor.Rng;
import gradus.tensor.Tensor;

/// A decoder: token embeddings and positions, L blocks, a last norm, and a head that is the token table again
/// or has weights of its own: `logits = norm(block_L(…block₁(W_E[id] + W_P[t])))·W_Hᵀ`, with W_H = W_E where
/// tied. As [GptConfig] stands at first it is GPT-2, Radford et
/// al. 2019, "Language models are unsupervised multitask learners"; any part can be another.
///
/// Parameters go by Hugging Face's names for GPT-2, `wte.weight` to `ln_f.bias`. Matrices are stored (out, in)
/// like every [gradus.layers.Linear]; Hugging Face's GPT-2 alone stores them (in, out).
public final class Gpt extends LanguageModel {
    private final GptConfig config;
    private final Embedding tokens; // (V, C)
    private final Position position;
    private final Dropout dropout;
    private final Norm norm;
    private final Linear head; // (..., C) → (..., V), or null where the token table is the head

    /// Starts as [InitialWeights] says.
    ///
    /// @param rng where the first weights come from, each parameter from the stream of its name
    public Gpt(GptConfig config, Rng rng) {
        super(config.validate().vocabSize(), config.context());
        this.config = config;
        this.tokens = child("wte", Embedding.zeros(config.vocabSize(), config.dim()));
        this.position = child("wpe", config.position().create(config, rng.at("wpe")));
        this.dropout = child("drop", new Dropout(config.dropout()));
        for (int i = 0; i < config.layers(); i++) {
            block("h." + i, TransformerBlock.of(config, position.forBlock(i), rng.at("h." + i)));
        }
        this.norm = child("ln_f", config.norm().create(config.dim()));
        this.head = config.head() == Head.TIED
                ? null
                : child("lm_head", new Linear(config.dim(), config.vocabSize(), false, rng.at("lm_head")));
        new InitialWeights(config.dim(), config.layers(), config.start()).start(this, rng);
    }

    @Override
    public Tensor embed(Indices ids, KvCaches caches) {
        Tensor x = tokens.forward(ids); // (B, T, C)
        int time = ids.shape().dim(1);
        x = caches.padded() ? position.embed(x, caches.positions(time)) : position.embed(x, caches.length());
        return dropout.forward(x); // (B, T, C)
    }

    @Override
    public Tensor states(Tensor x, KvCaches caches) {
        return norm.forward(blocks(x, caches)); // (B, T, C)
    }

    @Override
    public Tensor logits(Tensor states) {
        return head == null ? states.linear(tokens.weight(), null) : head.forward(states); // (..., V)
    }

    @Override
    protected KvCache newCache() {
        return config.cache().of(config);
    }

    @Override
    public boolean cacheable() {
        return !position.rotatesByLength() && super.cacheable();
    }

    @Override
    public boolean worksBehindPadding() {
        return cacheable() && position.worksBehindPadding();
    }

    public GptConfig config() {
        return config;
    }
}
