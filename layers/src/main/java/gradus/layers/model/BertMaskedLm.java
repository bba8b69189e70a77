package gradus.layers.model;

import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.layers.model.config.BertConfig;
import gradus.layers.norm.LayerNorm;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;

/// BERT with the head that it is trained with, which predicts the tokens hidden by `[MASK]`: `logits =
/// norm(GELU(W·x + b))·W_Eᵀ + c`, with the word table again. Devlin et al. 2018, arXiv:1810.04805.
///
/// Parameters go by Hugging Face's names for a `BertForMaskedLM`.
public final class BertMaskedLm extends Layer {
    private final BertConfig config;
    private final BertEncoder encoder;
    private final Linear transform; // (B, T, C) → (B, T, C)
    private final LayerNorm norm;
    private final Tensor bias; // (V)

    /// @param rng random numbers for the initial weights, each parameter from the stream of its name
    public BertMaskedLm(BertConfig config, Rng rng) {
        int dim = config.dim();
        String name = "cls.predictions.transform";
        this.config = config;
        this.encoder = child("bert", new BertEncoder(config, rng));
        this.transform = child(name + ".dense", new Linear(dim, dim, rng.at(name)));
        this.norm = child(name + ".LayerNorm", new LayerNorm(dim, config.eps()));
        this.bias =
                param("cls.predictions.bias", Tensor.lazy(() -> Tensor.zeros(config.vocabSize()), config.vocabSize()));
        InitialWeights.bert().start(this, rng);
    }

    /// For every position, a score for each token that could stand there.
    ///
    /// **Shapes** ids (B, T), segments (B, T) → (B, T, V)
    ///
    /// @param segments which segment a token belongs to, from 0
    /// @param mask     which keys each query sees: [KeyMask#full], or one that hides padding
    /// @throws gradus.error.ConfigException if T is above the context
    /// @throws gradus.error.ShapeException  if an id or a segment is outside its table
    public Tensor forward(Indices ids, Indices segments, KeyMask mask) {
        return predict(encoder.forward(ids, segments, mask)); // (B, T, V)
    }

    /// The same for some of the B·T positions only, which spares the head the others.
    ///
    /// **Shapes** ids (B, T), segments (B, T), places (M) → (M, V)
    ///
    /// @param places numbers from 0 to B·T - 1: sequence times T, plus the position in it
    public Tensor forward(Indices ids, Indices segments, KeyMask mask, Indices places) {
        Tensor x = encoder.forward(ids, segments, mask); // (B, T, C)
        return predict(x.reshape(ids.size(), config.dim()).indexSelect(0, places)); // (M, V)
    }

    private Tensor predict(Tensor x) {
        Tensor guess = norm.forward(config.function().create().forward(transform.forward(x))); // (..., C)
        return guess.linear(encoder.words(), bias); // (..., V)
    }

    /// The encoder, without the head.
    public BertEncoder encoder() {
        return encoder;
    }

    public BertConfig config() {
        return config;
    }

    @Override
    @SuppressWarnings("unchecked") // the type of a final class is its own
    public BertMaskedLm train() {
        return super.<BertMaskedLm>train();
    }

    @Override
    @SuppressWarnings("unchecked")
    public BertMaskedLm eval() {
        return super.<BertMaskedLm>eval();
    }

    @Override
    @SuppressWarnings("unchecked")
    public BertMaskedLm to(DType dtype) {
        return super.<BertMaskedLm>to(dtype);
    }
}
