package gradus.layers.model;

import gradus.layers.Dropout;
import gradus.layers.Embedding;
import gradus.layers.Linear;
import gradus.layers.attention.KvCaches;
import gradus.layers.norm.Norm;
import gradus.layers.position.Position;
import gradus.tensor.Indices;
import gradus.tensor.Rng;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// A decoder: token embeddings and positions, L blocks, a last norm, and a head that is the token table again
/// or has weights of its own: `logits = norm(block_L(…block₁(W_E[id] + W_P[t])))·W_Hᵀ`, with W_H = W_E where tied. As
/// [GptConfig] stands at first it is GPT-2, Radford et
/// al. 2019, "Language models are unsupervised multitask learners"; any part can be another.
///
/// Parameters go by Hugging Face's names for GPT-2, `wte.weight` to `ln_f.bias`. Matrices are stored (out, in) like
/// every [gradus.layers.Linear]; Hugging Face's GPT-2 alone stores them (in, out).
public final class Gpt extends LanguageModel {
    private final GptConfig config;
    private final Embedding tokens; // (V, C)
    private final Position position;
    private final Dropout dropout;
    private final List<TransformerBlock> blocks = new ArrayList<>();
    private final Norm norm;
    private final Linear head; // (..., C) → (..., V), or null where the token table is the head

    /// Starts as [InitialWeights] says.
    ///
    /// @param rng where the first weights come from, each parameter from the stream of its name
    public Gpt(GptConfig config, Rng rng) {
        this.config = config;
        this.tokens = child("wte", Embedding.zeros(config.vocabSize(), config.dim()));
        this.position = child("wpe", config.position().create(config, rng.at("wpe")));
        this.dropout = child("drop", new Dropout(config.dropout()));
        for (int i = 0; i < config.layers(); i++) {
            blocks.add(child("h." + i, TransformerBlock.of(config, position.forBlock(i), rng.at("h." + i))));
        }
        this.norm = child("ln_f", config.norm().create(config.dim()));
        this.head = config.head() == Head.TIED
                ? null
                : child("lm_head", new Linear(config.dim(), config.vocabSize(), false, rng.at("lm_head")));
        new InitialWeights(config.dim(), config.layers(), config.start()).start(this, rng);
    }

    @Override
    public Tensor forward(Indices ids) {
        return logits(blocks(ids)); // (B, T, V)
    }

    @Override
    public Tensor lastLogits(Indices ids) {
        return lastLogits(blocks(ids)); // (B, V)
    }

    @Override
    public Tensor lastLogits(Indices ids, KvCaches caches) {
        requireFits(ids, caches.length());
        Tensor x = tokens.forward(ids); // (B, T, C)
        int time = ids.shape().dim(1);
        x = caches.padded() ? position.embed(x, caches.positions(time)) : position.embed(x, caches.length());
        x = dropout.forward(x);
        for (int i = 0; i < blocks.size(); i++) {
            x = blocks.get(i).forward(x, caches.get(i)); // (B, T, C)
        }
        return lastLogits(x); // (B, V)
    }

    private Tensor lastLogits(Tensor x) {
        return logits(x.select(1, x.dim(1) - 1)); // (B, V)
    }

    private Tensor logits(Tensor x) {
        Tensor last = norm.forward(x);
        return head == null ? last.linear(tokens.weight(), null) : head.forward(last); // (..., V)
    }

    private Tensor blocks(Indices ids) {
        requireFits(ids, 0);
        Tensor x = dropout.forward(position.embed(tokens.forward(ids), 0)); // (B, T, C)
        for (TransformerBlock block : blocks) {
            x = block.forward(x); // (B, T, C)
        }
        return x;
    }

    @Override
    int blockCount() {
        return blocks.size();
    }

    @Override
    public boolean worksWithCache() {
        return !position.turnsByLength() && blocks.stream().allMatch(TransformerBlock::worksWithCache);
    }

    @Override
    public boolean worksBehindPadding() {
        return worksWithCache() && position.worksBehindPadding();
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
