package gradus.layers.model;

import static gradus.error.ConfigException.require;

import gradus.layers.Dropout;
import gradus.layers.Embedding;
import gradus.layers.norm.LayerNorm;
import gradus.tensor.Indices;
import gradus.tensor.Rng;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// GPT-2: token and learned position embeddings, L pre-norm blocks, a last norm, and a head that is the token table
/// again: `logits = norm(block_L(…block₁(W_E[id] + W_P[t])))·W_Eᵀ`. Radford et al. 2019, "Language models are
/// unsupervised multitask learners". The activation is GPT-2's tanh form of GELU.
///
/// Every matrix and table starts normal with deviation 0.02, biases at 0; the projections that end a residual branch
/// start smaller by `1/√(2L)`, so that the sum of the 2L branches varies as much as one.
///
/// Parameters go by Hugging Face's names for GPT-2, `wte.weight` to `ln_f.bias`. Matrices are stored (out, in) like
/// every [gradus.layers.Linear]; Hugging Face's GPT-2 alone stores them (in, out).
public final class Gpt extends LanguageModel {
    /// ε of every norm.
    static final double EPS = 1e-5;

    private static final double DEVIATION = 0.02;

    private final GptConfig config;
    private final Embedding tokens; // (V, C)
    private final Embedding positions; // (context, C)
    private final Dropout dropout;
    private final List<TransformerBlock> blocks = new ArrayList<>();
    private final LayerNorm norm;

    /// @param rng where the first weights come from, each parameter from the stream of its name
    public Gpt(GptConfig config, Rng rng) {
        this.config = config;
        this.tokens = child("wte", new Embedding(Tensor.zeros(config.vocabSize(), config.dim())));
        this.positions = child("wpe", new Embedding(Tensor.zeros(config.context(), config.dim())));
        this.dropout = child("drop", new Dropout(config.dropout()));
        for (int i = 0; i < config.layers(); i++) {
            blocks.add(child("h." + i, new TransformerBlock(config, rng)));
        }
        this.norm = child("ln_f", new LayerNorm(config.dim(), EPS));
        namedParameters().forEach((name, parameter) -> start(name, parameter, rng.at(name)));
    }

    private void start(String name, Tensor parameter, Rng rng) {
        if (parameter.rank() == 2) {
            boolean endsBranch = name.endsWith("c_proj.weight");
            double deviation = endsBranch ? DEVIATION / Math.sqrt(2 * config.layers()) : DEVIATION;
            parameter.copyFrom(Tensor.randn(rng, parameter.shape().dims()).mul(deviation));
        } else if (name.endsWith("bias")) {
            parameter.copyFrom(Tensor.zeros(parameter.shape().dims()));
        }
    }

    @Override
    public Tensor forward(Indices ids) {
        Tensor x = norm.forward(blocks(ids)); // (B, T, C)
        return x.linear(tokens.weight(), null); // (B, T, V)
    }

    @Override
    public Tensor lastLogits(Indices ids) {
        Tensor x = blocks(ids); // (B, T, C)
        Tensor last = norm.forward(x.select(1, x.dim(1) - 1)); // (B, C)
        return last.linear(tokens.weight(), null); // (B, V)
    }

    private Tensor blocks(Indices ids) {
        require(ids.shape().rank() == 2, "Gpt: ids must be (B, T); got %s", ids.shape());
        int time = ids.shape().dim(1);
        require(
                time <= config.context(),
                "Gpt: a sequence of %d tokens is longer than the context of %d; shorten it or train with a longer one",
                time,
                config.context());
        Tensor here = positions.weight().slice(0, 0, time); // (T, C)
        Tensor x = dropout.forward(tokens.forward(ids).add(here)); // (B, T, C)
        for (TransformerBlock block : blocks) {
            x = block.forward(x); // (B, T, C)
        }
        return x;
    }

    public GptConfig config() {
        return config;
    }

    @Override
    public int vocabSize() {
        return config.vocabSize();
    }

    @Override
    public int context() {
        return config.context();
    }
}
