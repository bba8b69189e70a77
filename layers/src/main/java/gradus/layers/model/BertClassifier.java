package gradus.layers.model;

import static gradus.error.ConfigException.require;

import gradus.layers.Dropout;
import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.layers.model.config.BertConfig;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;

/// BERT with a head that tells classes of whole sequences: `logits = W·dropout(tanh(W_P·x₀ + b_P)) + b`, from the
/// state x₀ of `[CLS]`. Devlin et al. 2018, arXiv:1810.04805, section 4.1.
///
/// Parameters go by Hugging Face's names for a `BertForSequenceClassification`.
public final class BertClassifier extends Layer {
    private final Bert bert;
    private final Dropout dropout;
    private final Linear classifier; // (B, C) → (B, K)

    /// @param classes K, at least 2
    /// @param rng     random numbers for the initial weights, each parameter from the stream of its name
    /// @throws gradus.error.ConfigException if there are fewer than 2 classes
    public BertClassifier(BertConfig config, int classes, Rng rng) {
        require(classes >= 2, "BertClassifier: there must be at least 2 classes; got %d", classes);
        this.bert = child("bert", new Bert(config, rng));
        this.dropout = child("dropout", new Dropout(config.dropout()));
        this.classifier = child("classifier", new Linear(config.dim(), classes, rng.at("classifier")));
        InitialWeights.bert().start(this, rng);
    }

    /// A score for each class.
    ///
    /// **Shapes** ids (B, T), segments (B, T) → (B, K)
    ///
    /// @param mask which keys each query sees: [KeyMask#full], or one that hides padding
    public Tensor forward(Indices ids, Indices segments, KeyMask mask) {
        Tensor pooled = bert.pool(bert.forward(ids, segments, mask)); // (B, C)
        return hooked(classifier.forward(dropout.forward(pooled))); // (B, K)
    }

    /// The encoder with its pooler.
    public Bert bert() {
        return bert;
    }
}
