package gradus.train.pretrained.gguf;

import gradus.error.CheckpointMismatchException;
import gradus.layers.model.Bert;
import gradus.layers.model.BertEncoder;
import gradus.layers.model.config.BertConfig;
import gradus.tensor.random.Rng;
import gradus.train.checkpoint.Gguf;
import gradus.train.checkpoint.GgufWriter;

/// BERT among the keys of a GGUF file: the encoder, which llama.cpp makes vectors of texts with. The pooler, as `cls`,
/// is what its rerankers have; the head that predicts masked tokens has no place there.
final class GgufBert {
    private static final String AT = "bert.";
    private static final String TYPES = "tokenizer.ggml.token_type_count";

    private GgufBert() {}

    static void describe(BertEncoder bert, GgufPooling pooling, GgufWriter out) {
        BertConfig config = bert.config();
        BertConfig told = new BertConfig(
                config.vocabSize(),
                config.context(),
                config.types(),
                config.layers(),
                config.heads(),
                config.dim(),
                config.hidden(),
                config.dropout(),
                config.eps());
        if (!config.equals(told)) {
            throw new CheckpointMismatchException("a GGUF file cannot tell all of " + config);
        }
        out.put(AT + "embedding_length", config.dim())
                .put(AT + "block_count", config.layers())
                .put(AT + "feed_forward_length", config.hidden())
                .put(AT + "attention.head_count", config.heads())
                .put(AT + "attention.layer_norm_epsilon", config.eps())
                .put(AT + "attention.causal", false)
                .put(TYPES, config.types());
        if (pooling != null) {
            out.put(AT + "pooling_type", pooling.ordinal());
        }
    }

    static BertEncoder read(Gguf file) {
        GgufFields fields = new GgufFields(file, AT);
        int heads = fields.size("attention.head_count");
        int dim = fields.size("embedding_length");
        int types = (int) Math.min(Integer.MAX_VALUE, file.shape("token_types.weight")[0]);
        BertConfig config = new BertConfig(
                        GgufDecoders.vocabSize(fields),
                        fields.size("context_length"),
                        types,
                        fields.size("block_count"),
                        heads,
                        dim,
                        fields.size("feed_forward_length"),
                        0,
                        fields.number("attention.layer_norm_epsilon"))
                .validate();
        if (!fields.has("attention.causal")) {
            throw fields.mismatch("has no key bert.attention.causal");
        }
        fields.requireSame("attention.head_count_kv", heads);
        fields.requireSame("attention.key_length", dim / heads);
        fields.requireSame("attention.value_length", dim / heads);
        new GgufFields(file, "").requireSame(TYPES, types);
        fields.require(GgufDecoders.TABLE, config.vocabSize(), dim);
        fields.require("position_embd.weight", config.context(), dim);
        fields.require("token_types.weight", types, dim);
        for (int i = config.layers() - 1; i >= 0; i--) { // the last first: it is the one that is missing
            fields.require("blk." + i + ".attn_q.weight", dim, dim);
            fields.require("blk." + i + ".ffn_up.weight", config.hidden(), dim);
        }
        return file.names().contains("cls.weight") ? new Bert(config, Rng.of(0)) : new BertEncoder(config, Rng.of(0));
    }

    /// What the file says of how a text's vector is made, or null.
    static GgufPooling pooling(Gguf file) {
        GgufFields fields = new GgufFields(file, AT);
        if (!fields.has("pooling_type")) {
            return null;
        }
        int number = fields.count("pooling_type", 0);
        if (number >= GgufPooling.values().length) {
            throw fields.mismatch("pooling_type %s is not known; 0 to 4 are".formatted(number));
        }
        return GgufPooling.values()[number];
    }
}
