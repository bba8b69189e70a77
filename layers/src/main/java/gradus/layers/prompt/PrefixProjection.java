package gradus.layers.prompt;

import gradus.layers.Embedding;
import gradus.layers.Linear;
import gradus.layers.Sequential;
import gradus.layers.activation.Tanh;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import java.util.stream.IntStream;

/// The rows of a prefix, made by a network from a small vector for each virtual token: `row = W₂·tanh(W₁·e +
/// b₁) + b₂`. Li & Liang 2021, "Prefix-tuning", arXiv:2101.00190, section 4.3: trained directly, the rows are
/// sensitive to the learning rate and the start. After training only the rows are needed.
///
/// Parameters have peft's names, `embedding.weight` and `transform.0.weight` to `transform.2.bias`.
public final class PrefixProjection extends SoftPrompt {
    private final Embedding embedding; // (n) → (n, in)
    private final Sequential transform; // (n, in) → (n, width)
    private final Indices ids;

    /// The sizes of the network.
    ///
    /// @param in     size of a virtual token's vector, in peft K·D
    /// @param hidden size of its inner layer
    /// @param width  size of a row, 2·L·K·D
    public record Sizes(int in, int hidden, int width) {}

    /// @param count how many virtual tokens there are
    /// @throws gradus.error.ConfigException if a number is below 1
    public PrefixProjection(int count, Sizes sizes, Rng rng) {
        super(count, sizes.width);
        this.embedding = child("embedding", new Embedding(count, sizes.in, rng.at("embedding")));
        this.transform = child(
                "transform",
                new Sequential(
                        new Linear(sizes.in, sizes.hidden, rng.at("transform.0")),
                        new Tanh(),
                        new Linear(sizes.hidden, sizes.width, rng.at("transform.2"))));
        this.ids = Indices.of(IntStream.range(0, count).toArray());
    }

    @Override
    public Tensor rows() {
        return transform.forward(embedding.forward(ids)); // (n, width)
    }
}
