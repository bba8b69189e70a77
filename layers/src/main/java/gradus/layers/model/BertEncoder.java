package gradus.layers.model;

import static gradus.error.ConfigException.require;

import gradus.layers.Dropout;
import gradus.layers.Embedding;
import gradus.layers.Layer;
import gradus.layers.model.config.BertConfig;
import gradus.layers.norm.LayerNorm;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import java.util.ArrayList;
import java.util.List;

/// The encoder of BERT, in which every token sees all others: `x = norm(W_E[id] + W_P[t] + W_S[type])`, then
/// L post-norm blocks with exact GELU. Devlin et al. 2018, "BERT: pre-training of deep bidirectional
/// transformers", arXiv:1810.04805.
///
/// Weights start as [InitialWeights#bert] says. Parameters go by Hugging Face's names,
/// `embeddings.word_embeddings.weight` to `encoder.layer.11.output.LayerNorm.bias`.
public sealed class BertEncoder extends Layer permits Bert {
    private final BertConfig config;
    private final Embedding words; // (V, C)
    private final Embedding positions; // (context, C)
    private final Embedding types; // (types, C)
    private final LayerNorm norm;
    private final Dropout dropout;
    private final List<BertBlock> blocks = new ArrayList<>();

    /// @param rng random numbers for the initial weights, each parameter from the stream of its name
    public BertEncoder(BertConfig config, Rng rng) {
        int dim = config.dim();
        this.config = config.validate();
        this.words = table("embeddings.word_embeddings", config.vocabSize(), dim, rng);
        this.positions = table("embeddings.position_embeddings", config.context(), dim, rng);
        this.types = table("embeddings.token_type_embeddings", config.types(), dim, rng);
        this.norm = child("embeddings.LayerNorm", new LayerNorm(dim, config.eps()));
        this.dropout = child("embeddings.dropout", new Dropout(config.dropout()));
        for (int i = 0; i < config.layers(); i++) {
            blocks.add(child("encoder.layer." + i, new BertBlock(config, rng)));
        }
        InitialWeights.bert().start(this, rng);
    }

    private Embedding table(String name, int count, int dim, Rng rng) {
        return child(name, new Embedding(count, dim, rng.at(name)));
    }

    /// The word table as the head uses it, (V, C).
    final Tensor words() {
        return words.head();
    }

    public final BertConfig config() {
        return config;
    }

    /// The last block's states.
    ///
    /// **Shapes** ids (B, T), segments (B, T) → (B, T, C)
    ///
    /// @param segments which segment a token belongs to, from 0; Hugging Face's token type
    /// @param mask     which keys each query sees: [KeyMask#full], or one that hides padding
    /// @throws gradus.error.ConfigException if T is above the context
    /// @throws gradus.error.ShapeException  if an id or a segment is outside its table
    public final Tensor forward(Indices ids, Indices segments, KeyMask mask) {
        require(
                ids.shape().rank() == 2 && segments.shape().equals(ids.shape()),
                "Bert: ids and segments must both be (B, T); got %s and %s",
                ids.shape(),
                segments.shape());
        int time = ids.shape().dim(1);
        require(
                time <= config.context(),
                "Bert: a sequence of %d tokens is longer than the context of %d; shorten the sequence",
                time,
                config.context());
        Tensor here = positions.weight().slice(0, 0, time); // (T, C)
        Tensor x = words.forward(ids).add(types.forward(segments)).add(here); // (B, T, C)
        x = dropout.forward(norm.forward(x));
        for (BertBlock block : blocks) {
            x = block.forward(x, mask); // (B, T, C)
        }
        return x;
    }
}
