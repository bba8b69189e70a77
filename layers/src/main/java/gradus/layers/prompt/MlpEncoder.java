package gradus.layers.prompt;

import gradus.layers.Embedding;
import gradus.layers.Linear;
import gradus.layers.Sequential;
import gradus.layers.activation.Relu;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import java.util.stream.IntStream;

/// P-tuning with a network of three layers: `row = W₃·relu(W₂·relu(W₁·e + b₁) + b₂) + b₃`, where every virtual
/// token has a vector e, trained too. Liu et al. 2021, "GPT understands, too", arXiv:2103.10385, as peft has it.
/// Neighbouring rows share the network, which makes them easier to train than a table; afterwards only the rows
/// are needed.
///
/// Parameters have peft's names, `embedding.weight` and `mlp_head.0.weight` to `mlp_head.4.bias`.
public final class MlpEncoder extends SoftPrompt {
    private final Embedding embedding; // (n) → (n, width)
    private final Sequential head; // (n, width) → (n, width)
    private final Indices ids;
    private final int hidden;

    /// @param count  n, how many virtual tokens there are
    /// @param width  size of a row, the model's C
    /// @param hidden size of the network's inner layers
    /// @throws gradus.error.ConfigException if a number is below 1
    public MlpEncoder(int count, int width, int hidden, Rng rng) {
        super(count, width);
        this.hidden = hidden;
        this.embedding = child("embedding", new Embedding(count, width, rng.at("embedding")));
        this.head = child(
                "mlp_head",
                new Sequential(
                        new Linear(width, hidden, rng.at("mlp_head.0")),
                        new Relu(),
                        new Linear(hidden, hidden, rng.at("mlp_head.2")),
                        new Relu(),
                        new Linear(hidden, width, rng.at("mlp_head.4"))));
        this.ids = Indices.of(IntStream.range(0, count).toArray());
    }

    @Override
    public Tensor rows() {
        return head.forward(embedding.forward(ids)); // (n, width)
    }

    /// Size of the network's inner layers.
    public int hidden() {
        return hidden;
    }
}
