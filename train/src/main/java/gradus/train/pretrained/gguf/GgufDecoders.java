package gradus.train.pretrained.gguf;

import gradus.error.CheckpointMismatchException;
import gradus.layers.model.Gpt;
import gradus.layers.model.Llama;
import gradus.layers.model.Mixtral;
import gradus.layers.model.Qwen2;
import gradus.layers.model.RmsDecoder;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Head;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.model.config.Norms;
import gradus.layers.model.config.Reach;
import gradus.tensor.random.Rng;
import gradus.train.checkpoint.Gguf;
import gradus.train.checkpoint.GgufWriter;
import gradus.train.pretrained.PublishedGpt2;

/// GPT-2, Llama, Qwen2 and Mixtral among the keys of a GGUF file. A model is built only after the file's
/// tensors have been found to have the sizes that its keys say, so that no file makes it allocate more than
/// it holds.
final class GgufDecoders {
    static final String HEAD = "output.weight";
    static final String TABLE = "token_embd.weight";

    private GgufDecoders() {}

    // --- writing

    static void describe(Gpt gpt, GgufWriter out) {
        GptConfig config = gpt.config();
        Norms.Layer norm = PublishedGpt2.requireGpt2(config);
        out.put("gpt2.embedding_length", config.dim())
                .put("gpt2.block_count", config.layers())
                .put(
                        "gpt2.feed_forward_length",
                        gpt.namedParameters().get("h.0.mlp.c_fc.weight").dim(0))
                .put("gpt2.attention.head_count", config.heads())
                .put("gpt2.attention.layer_norm_epsilon", norm.eps());
    }

    static void describe(RmsDecoder decoder, GgufNames names, GgufWriter out) {
        LlamaConfig config = decoder.config();
        requireTold(config);
        String at = names.architecture + ".";
        out.put(at + "embedding_length", config.dim())
                .put(at + "block_count", config.layers())
                .put(at + "feed_forward_length", config.hidden())
                .put(at + "attention.head_count", config.heads())
                .put(at + "attention.head_count_kv", config.kvHeads())
                .put(at + "attention.key_length", config.headDim())
                .put(at + "attention.value_length", config.headDim())
                .put(at + "attention.layer_norm_rms_epsilon", config.eps());
        GgufRope.write(config.frequencies(), names, config.headDim(), out);
        if (decoder instanceof Mixtral mixtral) {
            out.put(at + "expert_count", mixtral.experts()).put(at + "expert_used_count", mixtral.topK());
        }
    }

    /// Refuses what a configuration has beyond the sizes that a GGUF file tells.
    static void requireTold(LlamaConfig config) {
        if (!config.reach().equals(Reach.WHOLE)) {
            throw new CheckpointMismatchException(
                    "GGUF files of this kind of model have no word for " + config.reach());
        }
        LlamaConfig told = new LlamaConfig(
                config.vocabSize(),
                config.context(),
                config.layers(),
                config.heads(),
                config.kvHeads(),
                config.headDim(),
                config.dim(),
                config.hidden(),
                config.eps(),
                config.frequencies(),
                config.tied());
        if (!config.equals(told)) {
            throw new CheckpointMismatchException("a GGUF file cannot tell all of " + config);
        }
    }

    // --- reading

    static Gpt gpt2(Gguf file) {
        GgufFields fields = new GgufFields(file, "gpt2.");
        int dim = fields.size("embedding_length");
        int heads = fields.size("attention.head_count");
        GptConfig config = new GptConfig(
                        vocabSize(fields), fields.size("context_length"), fields.size("block_count"), heads, dim, 0)
                .withNorm(new Norms.Layer(fields.number("attention.layer_norm_epsilon")))
                .withHead(file.names().contains(HEAD) && !file.same(HEAD, TABLE) ? Head.OWN : Head.TIED)
                .validate();
        fields.requireSame("attention.head_count_kv", heads);
        fields.requireSame("attention.key_length", dim / heads);
        fields.requireSame("attention.value_length", dim / heads);
        fields.requireSame("feed_forward_length", Math.multiplyExact(4, dim));
        fields.require(TABLE, config.vocabSize(), dim);
        fields.require("position_embd.weight", config.context(), dim);
        if (config.head() == Head.OWN) {
            fields.require(HEAD, config.vocabSize(), dim);
        }
        for (int i = config.layers() - 1; i >= 0; i--) { // the last first: it is the one that is missing
            fields.require("blk." + i + ".attn_qkv.weight", 3L * dim, dim);
            fields.require("blk." + i + ".ffn_up.weight", 4L * dim, dim);
        }
        return new Gpt(config, Rng.of(0));
    }

    static RmsDecoder decoder(Gguf file, GgufNames names) {
        GgufFields fields = new GgufFields(file, names.architecture + ".");
        int heads = fields.size("attention.head_count");
        int dim = fields.size("embedding_length");
        int headDim = fields.size("attention.key_length", Math.max(1, dim / heads));
        fields.requireSame("attention.value_length", headDim);
        LlamaConfig config = new LlamaConfig(
                        vocabSize(fields),
                        fields.size("context_length"),
                        fields.size("block_count"),
                        heads,
                        fields.size("attention.head_count_kv", heads),
                        headDim,
                        dim,
                        fields.size("feed_forward_length"),
                        fields.number("attention.layer_norm_rms_epsilon"),
                        GgufRope.read(fields, names, headDim),
                        !file.names().contains(HEAD))
                .validate();
        fields.require(TABLE, config.vocabSize(), dim);
        if (!config.tied()) {
            fields.require(HEAD, config.vocabSize(), dim);
        }
        int experts = fields.count("expert_count", 0);
        for (int i = config.layers() - 1; i >= 0; i--) {
            String block = "blk." + i + ".";
            fields.require(block + "attn_q.weight", (long) heads * headDim, dim);
            fields.require(block + "attn_k.weight", (long) config.kvHeads() * headDim, dim);
            if (names != GgufNames.MIXTRAL) {
                fields.require(block + "ffn_up.weight", config.hidden(), dim);
                continue;
            }
            fields.require(block + "ffn_gate_inp.weight", experts, dim);
            if (file.names().contains(block + "ffn_up_exps.weight")) {
                fields.require(block + "ffn_up_exps.weight", experts, config.hidden(), dim);
            } else {
                fields.require(GgufNames.unmerged(block + "ffn_up_exps.weight", experts - 1), config.hidden(), dim);
            }
        }
        if (names == GgufNames.MIXTRAL) {
            fields.requireSame("expert_feed_forward_length", config.hidden());
            return new Mixtral(config, experts, fields.size("expert_used_count"), Rng.of(0));
        }
        if (fields.count("expert_used_count", 0) > 0) {
            throw fields.mismatch("expert_used_count without expert_count is not supported");
        }
        return names == GgufNames.LLAMA ? new Llama(config, Rng.of(0)) : new Qwen2(config, Rng.of(0));
    }

    /// How many tokens the model has, by its table: the key is not always there.
    static int vocabSize(GgufFields fields) {
        int rows = (int) Math.min(Integer.MAX_VALUE, fields.file().shape(TABLE)[0]);
        fields.requireSame("vocab_size", rows);
        return rows;
    }
}
