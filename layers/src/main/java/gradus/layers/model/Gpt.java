package gradus.layers.model;

import gradus.layers.Dropout;
import gradus.layers.Embedding;
import gradus.layers.attention.KvCaches;
import gradus.layers.norm.Norm;
import gradus.layers.position.Position;
import gradus.tensor.Indices;
import gradus.tensor.Rng;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A decoder: token embeddings and positions, L blocks, a last norm, and a head that is the token table again:
/// `logits = norm(block_L(…block₁(W_E[id] + W_P[t])))·W_Eᵀ`. As [GptConfig] stands at first it is GPT-2, Radford et
/// al. 2019, "Language models are unsupervised multitask learners"; any part can be another.
///
/// Matrices start normal with deviation `√(2/(5·C))` (Nguyen & Salazar 2019, arXiv:1910.05895, "small init"), which
/// follows the width: 0.023 for the 768 channels of GPT-2, which took 0.02, and 0.056 for 128, where 0.02 is so small
/// that training loses hundreds of steps. Tables start at 0.02, so that the tied head's first guess is even; biases at
/// 0. The projections that end a residual branch start smaller by `1/√(2L)`, so that the sum of the 2L branches varies
/// as much as one.
///
/// Parameters go by Hugging Face's names for GPT-2, `wte.weight` to `ln_f.bias`. Matrices are stored (out, in) like
/// every [gradus.layers.Linear]; Hugging Face's GPT-2 alone stores them (in, out).
public final class Gpt extends LanguageModel {
    private static final double TABLE_DEVIATION = 0.02;
    private static final Set<String> ENDS_OF_BRANCHES = Set.of("c_proj", "o_proj", "down_proj", "w2");

    private final GptConfig config;
    private final Embedding tokens; // (V, C)
    private final Position position;
    private final Dropout dropout;
    private final List<TransformerBlock> blocks = new ArrayList<>();
    private final Norm norm;

    /// @param rng where the first weights come from, each parameter from the stream of its name
    public Gpt(GptConfig config, Rng rng) {
        this.config = config;
        this.tokens = child("wte", new Embedding(Tensor.zeros(config.vocabSize(), config.dim())));
        this.position = child("wpe", config.position().create(config, rng.at("wpe")));
        this.dropout = child("drop", new Dropout(config.dropout()));
        for (int i = 0; i < config.layers(); i++) {
            blocks.add(child("h." + i, TransformerBlock.of(config, position.forBlock(i), rng.at("h." + i))));
        }
        this.norm = child("ln_f", config.norm().create(config.dim()));
        start(rng);
    }

    private void start(Rng rng) {
        namedParameters().forEach((name, parameter) -> {
            if (parameter.rank() == 2) {
                Tensor drawn = Tensor.randn(rng.at(name), parameter.shape().dims());
                parameter.copyFrom(drawn.mul(deviation(name)));
            } else if (name.endsWith("bias")) {
                parameter.copyFrom(Tensor.zeros(parameter.shape().dims()));
            }
        });
    }

    private double deviation(String name) {
        if (name.startsWith("wte.") || name.startsWith("wpe.") || name.contains(".position.")) {
            return TABLE_DEVIATION;
        }
        double deviation = Math.sqrt(2.0 / (5 * config.dim()));
        String[] path = name.split("\\.");
        boolean endsBranch = ENDS_OF_BRANCHES.contains(path[path.length - 2]);
        return endsBranch ? deviation / Math.sqrt(2 * config.layers()) : deviation;
    }

    @Override
    public Tensor forward(Indices ids) {
        Tensor x = norm.forward(blocks(ids)); // (B, T, C)
        return x.linear(tokens.weight(), null); // (B, T, V)
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
        Tensor last = norm.forward(x.select(1, x.dim(1) - 1)); // (B, C)
        return last.linear(tokens.weight(), null); // (B, V)
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
