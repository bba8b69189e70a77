package gradus.layers;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;

/// A table that holds one vector for each id: `y = W[id]`. The rows are initialised from the standard normal
/// distribution, as in PyTorch. A lookup copies a row; its backward adds the gradient to the rows that were
/// looked up.
public final class Embedding extends Layer {
    private final Tensor weight; // (V, C)
    private Adapter adapter; // or null

    /// @param count how many vectors there are, V
    /// @param dim   their size, C
    /// @param rng   random numbers for the initial weights
    /// @throws gradus.error.ConfigException if a size is below 1
    public Embedding(int count, int dim, Rng rng) {
        require(count >= 1, "Embedding: count must be at least 1; got %d", count);
        require(dim >= 1, "Embedding: dim must be at least 1; got %d", dim);
        this.weight = param(
                "weight", WeightKind.TABLE, Tensor.lazy(() -> Tensor.randn(rng.at("weight"), count, dim), count, dim));
    }

    /// Uses an existing tensor as the table, which becomes a parameter.
    ///
    /// **Shapes** weight (V, C)
    ///
    /// @throws gradus.error.ConfigException if the tensor is not a matrix
    public Embedding(Tensor weight) {
        require(weight.rank() == 2, "Embedding: the table must have the shape (V, C); got %s", weight.shape());
        this.weight = param("weight", WeightKind.TABLE, weight);
    }

    /// **Shapes** ids (...) → (..., C)
    ///
    /// @throws gradus.error.ShapeException if an id is outside 0 … V-1
    public Tensor forward(Indices ids) {
        return hooked(adapter == null ? base(ids) : adapter.forward(this, ids)); // (..., C)
    }

    /// `W[id]`, without the adapter.
    ///
    /// **Shapes** ids (...) → (..., C)
    public Tensor base(Indices ids) {
        return weight.embedding(ids); // (..., C)
    }

    /// The table as a head with tied weights uses it: `logits = states·Wᵀ`. An adapter may give the head another
    /// one, see [Adapter#head].
    ///
    /// **Shapes** → (V, C)
    public Tensor head() {
        return adapter == null ? weight : adapter.head(this); // (V, C)
    }

    /// Attaches an adapter, which from now on computes the result; it replaces an earlier one. Where a model uses
    /// the table as its head too (tied weights), the head is adapted only as far as [Adapter#head] says.
    ///
    /// @param adapter null removes it
    public void adapt(Adapter adapter) {
        this.adapter = adapt(this.adapter, adapter);
    }

    /// The adapter, or null.
    public Adapter adapter() {
        return adapter;
    }

    /// The table, (V, C).
    public Tensor weight() {
        return weight;
    }
}
