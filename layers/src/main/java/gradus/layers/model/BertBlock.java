package gradus.layers.model;

import gradus.layers.Dropout;
import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.layers.activation.Activation;
import gradus.layers.model.config.BertConfig;
import gradus.layers.norm.LayerNorm;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.op.Attention;
import gradus.tensor.random.Rng;

/// A post-norm encoder block: `x ← norm₁(x + attention(x))`, `x ← norm₂(x + W₂·f(W₁·x + b₁) + b₂)`. The
/// norm stands after the sum, as in Vaswani et al. 2017, arXiv:1706.03762, and every projection has a bias;
/// f is exact GELU unless the configuration says otherwise.
final class BertBlock extends Layer {
    private final int heads;
    private final Linear query; // (B, T, C) → (B, T, C)
    private final Linear key;
    private final Linear value;
    private final Linear output;
    private final Dropout dropout1;
    private final LayerNorm norm1;
    private final Linear expand; // (B, T, C) → (B, T, F)
    private final Activation activation;
    private final Linear contract; // (B, T, F) → (B, T, C)
    private final Dropout dropout2;
    private final LayerNorm norm2;

    BertBlock(BertConfig config, Rng rng) {
        int dim = config.dim();
        this.heads = config.heads();
        this.query = linear("attention.self.query", dim, dim, rng);
        this.key = linear("attention.self.key", dim, dim, rng);
        this.value = linear("attention.self.value", dim, dim, rng);
        this.output = linear("attention.output.dense", dim, dim, rng);
        this.dropout1 = child("attention.output.dropout", new Dropout(config.dropout()));
        this.norm1 = child("attention.output.LayerNorm", new LayerNorm(dim, config.eps()));
        this.expand = linear("intermediate.dense", dim, config.hidden(), rng);
        this.activation = config.function().create();
        this.contract = linear("output.dense", config.hidden(), dim, rng);
        this.dropout2 = child("output.dropout", new Dropout(config.dropout()));
        this.norm2 = child("output.LayerNorm", new LayerNorm(dim, config.eps()));
    }

    private Linear linear(String name, int in, int out, Rng rng) {
        return child(name, new Linear(in, out, rng.at(name)));
    }

    /// **Shapes** x (B, T, C) → (B, T, C)
    Tensor forward(Tensor x, KeyMask mask) {
        Tensor mixed = Attention.apply(query.forward(x), key.forward(x), value.forward(x), heads, mask); // (B, T, C)
        x = norm1.forward(x.add(dropout1.forward(output.forward(mixed))));
        Tensor hidden = activation.forward(expand.forward(x)); // (B, T, F)
        return hooked(norm2.forward(x.add(dropout2.forward(contract.forward(hidden))))); // (B, T, C)
    }
}
