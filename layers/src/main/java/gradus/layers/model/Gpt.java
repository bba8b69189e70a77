package gradus.layers.model;

import gradus.layers.Dropout;
import gradus.layers.Embedding;
import gradus.layers.Linear;
import gradus.layers.WeightKind;
import gradus.layers.attention.cache.KvCache;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Head;
import gradus.layers.position.Position;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;

/// A decoder: token embeddings and positions, L blocks, a last norm, and a head that is the token table again
/// or has weights of its own: `logits = norm(block_L(…block₁(W_E[id] + W_P[t])))·W_Hᵀ`, with W_H = W_E where
/// tied. With the defaults of [GptConfig] it is GPT-2, Radford et
/// al. 2019, "Language models are unsupervised multitask learners"; any part can be another.
///
/// Parameters go by Hugging Face's names for GPT-2, `wte.weight` to `ln_f.bias`. Matrices are stored (out, in)
/// like every [gradus.layers.Linear]; Hugging Face's GPT-2 alone stores them (in, out).
public final class Gpt extends Decoder {
    private final GptConfig config;

    /// Initialises the weights as [InitialWeights] says.
    ///
    /// @param rng random numbers for the initial weights, each parameter from the stream of its name
    public Gpt(GptConfig config, Rng rng) {
        this(config, TransformerBlock::of, rng);
    }

    /// Builds a GPT with blocks of your own.
    ///
    /// @param blocks makes each of the L blocks
    public Gpt(GptConfig config, BlockChoice blocks, Rng rng) {
        super(config.validate().vocabSize(), config.context());
        this.config = config;
        int dim = config.dim();
        Position position = config.position().create(config, rng.at("wpe"));
        tokens("wte", new Embedding(config.vocabSize(), dim, rng.at("wte")));
        position("wpe", position);
        dropout("drop", new Dropout(config.dropout()));
        for (int i = 0; i < config.layers(); i++) {
            block("h." + i, blocks.create(config, position.forBlock(i), rng.at("h." + i)));
        }
        norm("ln_f", config.norm().create(dim));
        if (config.head() == Head.OWN) {
            head("lm_head", new Linear(dim, config.vocabSize(), false, rng.at("lm_head")).as(WeightKind.TABLE));
        }
        InitialWeights.of(config.start(), dim, config.layers()).start(this, rng);
    }

    @Override
    protected KvCache newCache() {
        return config.cache().of(config);
    }

    public GptConfig config() {
        return config;
    }

    @Override
    @SuppressWarnings("unchecked") // the type of a final class is its own
    public Gpt train() {
        return super.<Gpt>train();
    }

    @Override
    @SuppressWarnings("unchecked")
    public Gpt eval() {
        return super.<Gpt>eval();
    }

    @Override
    @SuppressWarnings("unchecked")
    public Gpt to(DType dtype) {
        return super.<Gpt>to(dtype);
    }
}
