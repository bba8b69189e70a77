package gradus.train.pretrained;

import gradus.layers.Layer;
import gradus.layers.model.Bert;
import gradus.layers.model.BertEncoder;
import gradus.layers.model.BertMaskedLm;
import gradus.layers.model.config.BertConfig;
import gradus.tensor.random.Rng;
import gradus.train.checkpoint.TensorSource;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// BERT as Hugging Face keeps it, bare (with or without the prefix `bert.`) or with its masked-token head;
/// norms of the oldest files call their parameters gamma and beta.
///
/// @param size     the model to describe, or null when reading
/// @param maskedLm whether it has the head
/// @param pooler   whether it has a pooler
record PublishedBert(BertConfig size, boolean maskedLm, boolean pooler) implements PublishedModel {
    private static final String PREFIX = "bert.";
    private static final Set<String> HEADED = Set.of("BertForMaskedLM", "BertForPreTraining");

    /// The kind that a configuration names, or the one that its tensors make.
    ///
    /// @param source null where there are no tensors; a bare model then has its pooler
    static PublishedBert of(ModelConfigJson json, TensorSource source) {
        boolean maskedLm = HEADED.contains(json.architecture());
        boolean pooler = source == null
                || source.names().contains("pooler.dense.weight")
                || source.names().contains("bert.pooler.dense.weight");
        return new PublishedBert(null, maskedLm, !maskedLm && pooler);
    }

    @Override
    public Layer build(ModelConfigJson json, PublishedTensors tensors) {
        json.require(ConfigKeys.BERT);
        json.requireOnly("tie_word_embeddings", !maskedLm || json.flag("tie_word_embeddings", true));
        BertConfig config = new BertConfig(
                        json.size("vocab_size", 30_522),
                        json.size("max_position_embeddings", 512),
                        json.size("type_vocab_size", 2),
                        json.size("num_hidden_layers", 12),
                        json.size("num_attention_heads", 12),
                        json.size("hidden_size", 768),
                        json.size("intermediate_size", 3072),
                        json.number("hidden_dropout_prob", 0.1),
                        json.number("layer_norm_eps", 1e-12),
                        PublishedFunctions.read(json, "hidden_act", "gelu"))
                .validate();
        String at = maskedLm ? PREFIX : "";
        tensors.require(at + "embeddings.word_embeddings.weight", config.vocabSize(), config.dim());
        tensors.require(at + "embeddings.position_embeddings.weight", config.context(), config.dim());
        tensors.require(at + "embeddings.token_type_embeddings.weight", config.types(), config.dim());
        for (int i = config.layers() - 1; i >= 0; i--) { // the last first: it is the one that is missing
            String layer = at + "encoder.layer." + i + ".";
            tensors.require(layer + "attention.self.query.weight", config.dim(), config.dim());
            tensors.require(layer + "intermediate.dense.weight", config.hidden(), config.dim());
        }
        Rng rng = Rng.of(0);
        return maskedLm ? new BertMaskedLm(config, rng) : pooler ? new Bert(config, rng) : new BertEncoder(config, rng);
    }

    @Override
    public void describe(ObjectNode json) {
        json.put("model_type", "bert").putArray("architectures").add(maskedLm ? "BertForMaskedLM" : "BertModel");
        json.put("vocab_size", size.vocabSize())
                .put("max_position_embeddings", size.context())
                .put("type_vocab_size", size.types())
                .put("num_hidden_layers", size.layers())
                .put("num_attention_heads", size.heads())
                .put("hidden_size", size.dim())
                .put("intermediate_size", size.hidden())
                .put("hidden_act", PublishedFunctions.name(size.function(), "gelu"))
                .put("hidden_dropout_prob", size.dropout())
                .put("attention_probs_dropout_prob", 0.0)
                .put("layer_norm_eps", size.eps())
                .put("position_embedding_type", "absolute")
                .put("tie_word_embeddings", true);
    }

    @Override
    public String ownName(String fileName) {
        String name =
                fileName.replace("LayerNorm.gamma", "LayerNorm.weight").replace("LayerNorm.beta", "LayerNorm.bias");
        boolean unused = name.endsWith("embeddings.position_ids")
                || name.startsWith("cls.predictions.decoder.")
                || name.startsWith("cls.seq_relationship.")
                || name.contains("pooler.") && !pooler
                || name.startsWith("cls.") && !maskedLm;
        if (unused) {
            return null;
        }
        return !maskedLm && name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
    }

    @Override
    public Map<String, String> tied(TensorSource source) {
        return maskedLm
                ? Map.of(
                        "cls.predictions.decoder.weight",
                        "bert.embeddings.word_embeddings.weight",
                        "cls.predictions.decoder.bias",
                        "cls.predictions.bias")
                : Map.of();
    }
}
