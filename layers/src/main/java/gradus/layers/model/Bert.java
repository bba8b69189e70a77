package gradus.layers.model;

import gradus.layers.Linear;
import gradus.layers.model.config.BertConfig;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;

/// BERT: the [BertEncoder] and a pooler, which makes one vector of a sequence from its first token's state.
/// Devlin et al. 2018, arXiv:1810.04805. Parameters go by Hugging Face's names for a `BertModel`.
/// [BertMaskedLm] predicts tokens.
public final class Bert extends BertEncoder {
    private final Linear pooler; // (B, C) → (B, C)

    /// @param rng random numbers for the initial weights, each parameter from the stream of its name
    public Bert(BertConfig config, Rng rng) {
        super(config, rng);
        this.pooler = child("pooler.dense", new Linear(config.dim(), config.dim(), rng.at("pooler.dense")));
        InitialWeights.bert().start(this, rng);
    }

    /// `tanh(W·x₀ + b)` of the first token's state, which stands for the whole sequence.
    ///
    /// **Shapes** states (B, T, C) → (B, C)
    public Tensor pool(Tensor states) {
        return pooler.forward(states.select(1, 0)).tanh(); // (B, C)
    }

    @Override
    @SuppressWarnings("unchecked") // the type of a final class is its own
    public Bert train() {
        return super.<Bert>train();
    }

    @Override
    @SuppressWarnings("unchecked")
    public Bert eval() {
        return super.<Bert>eval();
    }

    @Override
    @SuppressWarnings("unchecked")
    public Bert to(DType dtype) {
        return super.<Bert>to(dtype);
    }
}
