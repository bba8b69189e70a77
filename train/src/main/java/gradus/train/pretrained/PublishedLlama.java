package gradus.train.pretrained;

import gradus.layers.model.Llama;
import gradus.layers.model.LlamaConfig;
import gradus.layers.model.Mixtral;
import gradus.layers.model.Qwen2;
import gradus.layers.model.RmsDecoder;
import gradus.tensor.Rng;
import gradus.train.checkpoint.TensorSource;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// Llama, Qwen2 and Mixtral as Hugging Face keeps them.
///
/// @param kind  one of the three
/// @param model what to describe, or null when reading
/// @param tied  whether the head is the token table again
record PublishedLlama(Kind kind, RmsDecoder model, boolean tied) implements PublishedModel {

    /// A family.
    enum Kind {
        LLAMA("llama", "LlamaForCausalLM"),
        QWEN2("qwen2", "Qwen2ForCausalLM"),
        MIXTRAL("mixtral", "MixtralForCausalLM");

        final String modelType;
        final String architecture;

        Kind(String modelType, String architecture) {
            this.modelType = modelType;
            this.architecture = architecture;
        }
    }

    /// What describes a model.
    static PublishedLlama of(RmsDecoder model) {
        Kind kind = switch (model) {
            case Llama llama -> Kind.LLAMA;
            case Qwen2 qwen -> Kind.QWEN2;
            case Mixtral mixtral -> Kind.MIXTRAL;
        };
        return new PublishedLlama(kind, model, model.config().tied());
    }

    @Override
    public RmsDecoder build(ModelConfigJson json, PublishedTensors tensors) {
        LlamaConfig config = config(json);
        tensors.require("model.embed_tokens.weight", config.vocabSize(), config.dim());
        for (int i = config.layers() - 1; i >= 0; i--) { // the last first: it is the one that is missing
            String layer = "model.layers." + i + ".";
            tensors.require(layer + "self_attn.q_proj.weight", (long) config.heads() * config.headDim(), config.dim());
            tensors.require(
                    layer + "self_attn.k_proj.weight", (long) config.kvHeads() * config.headDim(), config.dim());
            if (kind != Kind.MIXTRAL) {
                tensors.require(layer + "mlp.gate_proj.weight", config.hidden(), config.dim());
                continue;
            }
            String mixture = layer + "block_sparse_moe.";
            int experts = json.size("num_local_experts");
            tensors.require(mixture + "gate.weight", experts, config.dim());
            tensors.require(mixture + "experts." + (experts - 1) + ".w1.weight", config.hidden(), config.dim());
        }
        Rng rng = Rng.of(0);
        return switch (kind) {
            case LLAMA -> new Llama(config, rng);
            case QWEN2 -> new Qwen2(config, rng);
            case MIXTRAL ->
                new Mixtral(config, json.size("num_local_experts"), json.size("num_experts_per_tok", 2), rng);
        };
    }

    private LlamaConfig config(ModelConfigJson json) {
        json.requireOnly("hidden_act", json.text("hidden_act", "silu").equals("silu"));
        json.requireOnly("attention_bias", !json.flag("attention_bias", false));
        json.requireOnly("mlp_bias", !json.flag("mlp_bias", false));
        json.requireOnly("sliding_window", kind != Kind.MIXTRAL || !json.has("sliding_window"));
        json.requireOnly("use_sliding_window", !json.flag("use_sliding_window", false));
        int dim = json.size("hidden_size");
        int heads = json.size("num_attention_heads");
        return new LlamaConfig(
                json.size("vocab_size"),
                json.size("max_position_embeddings"),
                json.size("num_hidden_layers"),
                heads,
                json.size("num_key_value_heads", heads),
                json.size("head_dim", Math.max(1, dim / heads)),
                dim,
                json.size("intermediate_size"),
                json.number("rms_norm_eps", 1e-6),
                PublishedRope.read(json),
                tied);
    }

    @Override
    public void describe(ObjectNode json) {
        LlamaConfig size = model.config();
        json.put("model_type", kind.modelType).putArray("architectures").add(kind.architecture);
        json.put("vocab_size", size.vocabSize())
                .put("max_position_embeddings", size.context())
                .put("num_hidden_layers", size.layers())
                .put("num_attention_heads", size.heads())
                .put("num_key_value_heads", size.kvHeads())
                .put("head_dim", size.headDim())
                .put("hidden_size", size.dim())
                .put("intermediate_size", size.hidden())
                .put("hidden_act", "silu")
                .put("rms_norm_eps", size.eps())
                .put("attention_dropout", 0.0)
                .put("tie_word_embeddings", size.tied());
        PublishedRope.write(size.frequencies(), json);
        switch (model) {
            case Llama llama -> json.put("attention_bias", false).put("mlp_bias", false);
            case Qwen2 qwen -> json.put("use_sliding_window", false);
            case Mixtral mixtral ->
                json.put("num_local_experts", mixtral.experts())
                        .put("num_experts_per_tok", mixtral.topK())
                        .putNull("sliding_window");
        }
    }

    @Override
    public String ownName(String fileName) {
        boolean unused = fileName.endsWith("rotary_emb.inv_freq") || tied && fileName.equals("lm_head.weight");
        return unused ? null : fileName;
    }

    @Override
    public Map<String, String> tied(TensorSource source) {
        return tied ? Map.of("lm_head.weight", "model.embed_tokens.weight") : Map.of();
    }
}
