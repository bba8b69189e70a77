package gradus.train.pretrained;

import gradus.layers.model.Llama;
import gradus.layers.model.Mixtral;
import gradus.layers.model.Qwen2;
import gradus.layers.model.RmsDecoder;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.model.config.Reach;
import gradus.layers.position.RopeFrequencies;
import gradus.tensor.random.Rng;
import gradus.tokenizer.json.KnownKeys;
import gradus.train.checkpoint.TensorSource;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// Llama, Mistral, Qwen2 and Mixtral as Hugging Face keeps them. A Mistral is a [Llama] whose blocks see a window.
///
/// @param kind  one of the four
/// @param model what to describe, or null when reading
/// @param tied  whether the head is the token table again
record PublishedLlama(Kind kind, RmsDecoder model, boolean tied) implements PublishedModel {

    /// A family, with what transformers takes where its config.json is silent.
    ///
    enum Kind {
        LLAMA("llama", "LlamaForCausalLM", ConfigKeys.LLAMA, 11_008, 0, 2048, 1e-6, 10_000, true),
        MISTRAL("mistral", "MistralForCausalLM", ConfigKeys.MISTRAL, 14_336, 8, 131_072, 1e-6, 10_000, true),
        QWEN2("qwen2", "Qwen2ForCausalLM", ConfigKeys.QWEN2, 22_016, 32, 32_768, 1e-6, 10_000, false),
        MIXTRAL("mixtral", "MixtralForCausalLM", ConfigKeys.MIXTRAL, 14_336, 8, 131_072, 1e-5, 1_000_000, true);

        final String modelType;
        final String architecture;
        final KnownKeys keys;
        private final int hidden;
        private final int kvHeads;
        private final int context;
        private final double eps;
        private final double theta;
        private final boolean nullHeadDim;

        Kind(
                String modelType,
                String architecture,
                KnownKeys keys,
                int hidden,
                int kvHeads,
                int context,
                double eps,
                double theta,
                boolean nullHeadDim) {
            this.modelType = modelType;
            this.architecture = architecture;
            this.keys = keys;
            this.hidden = hidden;
            this.kvHeads = kvHeads;
            this.context = context;
            this.eps = eps;
            this.theta = theta;
            this.nullHeadDim = nullHeadDim;
        }
    }

    /// What describes a model.
    static PublishedLlama of(RmsDecoder model) {
        Reach reach = model.config().reach();
        Kind kind = switch (model) {
            case Llama llama -> reach.window() > 0 ? Kind.MISTRAL : Kind.LLAMA;
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
            int experts = experts(json);
            tensors.require(mixture + "gate.weight", experts, config.dim());
            tensors.require(mixture + "experts." + (experts - 1) + ".w1.weight", config.hidden(), config.dim());
        }
        Rng rng = Rng.of(0);
        return switch (kind) {
            case LLAMA, MISTRAL -> new Llama(config, rng);
            case QWEN2 -> new Qwen2(config, rng);
            case MIXTRAL -> new Mixtral(config, experts(json), json.size("num_experts_per_tok", 2), rng);
        };
    }

    /// How many experts; transformers knows them by two names, the second of which wins.
    private static int experts(ModelConfigJson json) {
        return json.size("num_experts", json.size("num_local_experts", 8));
    }

    private int kvHeads(ModelConfigJson json, int heads) {
        String field = "num_key_value_heads";
        int missing = kind.kvHeads == 0 ? heads : kind.kvHeads;
        boolean mayBeNull = kind == Kind.LLAMA || kind == Kind.QWEN2;
        return mayBeNull ? json.size(field, missing, heads) : json.size(field, missing);
    }

    private LlamaConfig config(ModelConfigJson json) {
        json.require(kind.keys);
        String function = json.text("hidden_act", "silu");
        json.requireOnly("hidden_act", function.equals("silu") || function.equals("swish"));
        int dim = json.size("hidden_size", 4096);
        int heads = json.size("num_attention_heads", 32);
        int layers = json.size("num_hidden_layers", 32);
        int whole = Math.max(1, dim / heads);
        PublishedRope rope = new PublishedRope(json, kind.theta, json.size("max_position_embeddings", kind.context));
        RopeFrequencies frequencies = rope.read();
        return new LlamaConfig(
                        json.size("vocab_size", kind == Kind.QWEN2 ? 151_936 : 32_000),
                        rope.reached(frequencies),
                        layers,
                        heads,
                        kvHeads(json, heads),
                        kind.nullHeadDim ? json.size("head_dim", whole, whole) : json.size("head_dim", whole),
                        dim,
                        json.size("intermediate_size", kind.hidden),
                        json.number("rms_norm_eps", kind.eps),
                        frequencies,
                        tied,
                        new PublishedReach(json, kind, layers).read())
                .validate();
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
        PublishedReach.write(size.reach(), kind, json);
        if (kind == Kind.LLAMA) {
            json.put("attention_bias", false).put("mlp_bias", false);
        }
        if (model instanceof Mixtral mixtral) {
            json.put("num_local_experts", mixtral.experts()).put("num_experts_per_tok", mixtral.topK());
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
