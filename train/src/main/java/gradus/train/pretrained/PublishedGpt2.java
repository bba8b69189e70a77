package gradus.train.pretrained;

import gradus.error.CheckpointMismatchException;
import gradus.layers.model.Gpt;
import gradus.layers.model.config.FeedForwards;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.Head;
import gradus.layers.model.config.Norms;
import gradus.tensor.random.Rng;
import gradus.train.checkpoint.TensorSource;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// GPT-2 as Hugging Face keeps it: names with or without `transformer.`, matrices stored (in, out), masks
/// among the tensors of old files.
///
/// @param gpt  the model to describe, or null when reading
/// @param tied whether the head is the token table again
public record PublishedGpt2(Gpt gpt, boolean tied) implements PublishedModel {
    private static final String PREFIX = "transformer.";
    private static final String HEAD = "lm_head.weight";

    /// What describes a model.
    static PublishedGpt2 of(Gpt gpt) {
        return new PublishedGpt2(gpt, gpt.config().head() == Head.TIED);
    }

    @Override
    public Gpt build(ModelConfigJson json, PublishedTensors tensors) {
        json.require(ConfigKeys.GPT2);
        int dim = size(json, "n_embd", "hidden_size", 768);
        int hidden = json.size("n_inner", 4 * dim, 4 * dim);
        GptConfig config = new GptConfig(
                        json.size("vocab_size", 50_257),
                        size(json, "n_positions", "max_position_embeddings", 1024),
                        size(json, "n_layer", "num_hidden_layers", 12),
                        size(json, "n_head", "num_attention_heads", 12),
                        dim,
                        json.number("resid_pdrop", 0.1))
                .withNorm(new Norms.Layer(json.number("layer_norm_epsilon", 1e-5)))
                .withFeedForward(new FeedForwards.Dense(
                        PublishedFunctions.read(json, "activation_function", "gelu_new"),
                        hidden == 4 * dim ? 0 : hidden))
                .withHead(tied ? Head.TIED : Head.OWN)
                .validate();
        tensors.require("wte.weight", config.vocabSize(), dim);
        tensors.require("wpe.weight", config.context(), dim);
        for (int i = config.layers() - 1; i >= 0; i--) { // the last first: it is the one that is missing
            tensors.require("h." + i + ".ln_1.weight", dim);
            tensors.require("h." + i + ".mlp.c_fc.weight", hidden, dim);
        }
        return new Gpt(config, Rng.of(0));
    }

    /// A size that transformers knows by two names, the second of which wins.
    private static int size(ModelConfigJson json, String name, String other, int missing) {
        return json.size(other, json.size(name, missing));
    }

    @Override
    public void describe(ObjectNode json) {
        GptConfig config = gpt.config();
        Norms.Layer norm = requireParts(config);
        FeedForwards.Dense dense = (FeedForwards.Dense) config.feedForward();
        json.put("model_type", "gpt2").putArray("architectures").add("GPT2LMHeadModel");
        json.put("vocab_size", config.vocabSize())
                .put("n_positions", config.context())
                .put("n_ctx", config.context())
                .put("n_embd", config.dim())
                .put("n_layer", config.layers())
                .put("n_head", config.heads())
                .put("activation_function", PublishedFunctions.name(dense.activation(), "gelu_new"))
                .put("layer_norm_epsilon", norm.eps())
                .put("resid_pdrop", config.dropout())
                .put("embd_pdrop", config.dropout())
                .put("attn_pdrop", 0.0)
                .put("tie_word_embeddings", tied);
        if (dense.hidden() == 0) {
            json.putNull("n_inner");
        } else {
            json.put("n_inner", dense.hidden());
        }
    }

    /// Refuses a model of other parts than GPT-2's; its norm.
    public static Norms.Layer requireGpt2(GptConfig config) {
        FeedForwards.Dense usual = new FeedForwards.Dense(FeedForwards.Function.GELU_TANH);
        return requireLike(config, usual);
    }

    /// The same, except that the network between may have another width and another function.
    private static Norms.Layer requireParts(GptConfig config) {
        return requireLike(config, config.feedForward() instanceof FeedForwards.Dense dense ? dense : null);
    }

    private static Norms.Layer requireLike(GptConfig config, FeedForwards.Dense dense) {
        GptConfig plain = new GptConfig(
                        config.vocabSize(),
                        config.context(),
                        config.layers(),
                        config.heads(),
                        config.dim(),
                        config.dropout())
                .withFeedForward(dense)
                .withHead(config.head())
                .withStart(config.start());
        if (!(config.norm() instanceof Norms.Layer norm) || !config.equals(plain.withNorm(norm))) {
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
