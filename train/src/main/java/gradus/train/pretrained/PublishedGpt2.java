package gradus.train.pretrained;

import gradus.error.CheckpointMismatchException;
import gradus.layers.model.Gpt;
import gradus.layers.model.GptConfig;
import gradus.layers.model.Head;
import gradus.layers.model.Norms;
import gradus.tensor.Rng;
import gradus.train.checkpoint.TensorSource;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// GPT-2 as Hugging Face keeps it: names with or without `transformer.`, matrices stored (in, out), masks
/// among the tensors of old files.
///
/// @param gpt  the model to describe, or null when reading
/// @param tied whether the head is the token table again
record PublishedGpt2(Gpt gpt, boolean tied) implements PublishedModel {
    private static final String PREFIX = "transformer.";
    private static final String HEAD = "lm_head.weight";

    /// What describes a model.
    static PublishedGpt2 of(Gpt gpt) {
        return new PublishedGpt2(gpt, gpt.config().head() == Head.TIED);
    }

    @Override
    public Gpt build(ModelConfigJson json, PublishedTensors tensors) {
        int dim = json.size("n_embd");
        json.requireOnly(
                "activation_function",
                json.text("activation_function", "gelu_new").equals("gelu_new"));
        json.requireOnly("n_inner", json.size("n_inner", 4 * dim) == 4 * dim);
        json.requireOnly("scale_attn_weights", json.flag("scale_attn_weights", true));
        json.requireOnly("scale_attn_by_inverse_layer_idx", !json.flag("scale_attn_by_inverse_layer_idx", false));
        GptConfig config = new GptConfig(
                        json.size("vocab_size"),
                        json.size("n_positions"),
                        json.size("n_layer"),
                        json.size("n_head"),
                        dim,
                        json.number("resid_pdrop", 0.1))
                .withNorm(new Norms.Layer(json.number("layer_norm_epsilon", 1e-5)))
                .withHead(tied ? Head.TIED : Head.OWN);
        tensors.require("wte.weight", config.vocabSize(), dim);
        tensors.require("wpe.weight", config.context(), dim);
        for (int i = config.layers() - 1; i >= 0; i--) { // the last first: it is the one that is missing
            tensors.require("h." + i + ".ln_1.weight", dim);
            tensors.require("h." + i + ".mlp.c_fc.weight", 4L * dim, dim);
        }
        return new Gpt(config, Rng.of(0));
    }

    @Override
    public void describe(ObjectNode json) {
        GptConfig config = gpt.config();
        Norms.Layer norm = requireGpt2(config);
        json.put("model_type", "gpt2").putArray("architectures").add("GPT2LMHeadModel");
        json.put("vocab_size", config.vocabSize())
                .put("n_positions", config.context())
                .put("n_ctx", config.context())
                .put("n_embd", config.dim())
                .put("n_layer", config.layers())
                .put("n_head", config.heads())
                .put("activation_function", "gelu_new")
                .put("layer_norm_epsilon", norm.eps())
                .put("resid_pdrop", config.dropout())
                .put("embd_pdrop", config.dropout())
                .put("attn_pdrop", 0.0)
                .put("tie_word_embeddings", tied);
        json.putNull("n_inner");
    }

    /// Refuses a model of other parts than GPT-2's; its norm.
    static Norms.Layer requireGpt2(GptConfig config) {
        GptConfig plain = new GptConfig(
                config.vocabSize(), config.context(), config.layers(), config.heads(), config.dim(), config.dropout());
        if (!(config.norm() instanceof Norms.Layer norm)
                || !config.equals(plain.withNorm(norm).withHead(config.head()))) {
            throw new CheckpointMismatchException(
                    "this model has parts that GPT-2 has not, so that nothing else could run it: " + config);
        }
        return norm;
    }

    @Override
    public String ownName(String fileName) {
        String name = fileName.startsWith(PREFIX) ? fileName.substring(PREFIX.length()) : fileName;
        boolean mask = name.endsWith(".attn.bias") || name.endsWith(".attn.masked_bias");
        return mask || tied && name.equals(HEAD) ? null : name;
    }

    @Override
    public String fileName(String ownName) {
        return ownName.equals(HEAD) ? HEAD : PREFIX + ownName;
    }

    @Override
    public boolean transposed(String ownName) {
        return ownName.startsWith("h.") && ownName.endsWith(".weight") && !ownName.contains(".ln_");
    }

    @Override
    public Map<String, String> tied(TensorSource source) {
        return tied ? Map.of(HEAD, "wte.weight") : Map.of();
    }
}
