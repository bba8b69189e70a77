package gradus.train.pretrained;

import gradus.layers.Layer;
import tools.jackson.databind.node.ObjectNode;

/// A decoder under a head of one label, `…ForSequenceClassification`, without that head: its files hold no head
/// that predicts tokens.
///
/// @param decoder the model under the head
record PublishedScorer(PublishedModel decoder) implements PublishedModel {
    /// The head.
    static final String SCORE = "score.weight";

    static final String KIND = "ForSequenceClassification";
    private static final String TOKEN_HEAD = "lm_head.weight";

    @Override
    public Layer build(ModelConfigJson config, PublishedTensors tensors) {
        return decoder.build(config, tensors);
    }

    @Override
    public void describe(ObjectNode config) {
        decoder.describe(config);
        String name = config.get("architectures").get(0).stringValue();
        config.putArray("architectures").add(name.replaceFirst("(LMHeadModel|ForCausalLM)$", KIND));
        config.putObject("id2label").put("0", "LABEL_0");
        config.putObject("label2id").put("LABEL_0", 0);
        config.remove("tie_word_embeddings"); // there is no other head
    }

    @Override
    public String ownName(String fileName) {
        return fileName.equals(SCORE) ? null : decoder.ownName(fileName);
    }

    @Override
    public String fileName(String ownName) {
        return ownName.equals(TOKEN_HEAD) ? null : decoder.fileName(ownName);
    }

    @Override
    public boolean transposed(String ownName) {
        return decoder.transposed(ownName);
    }
}
