package gradus.layers.prompt;

import static gradus.error.ConfigException.require;

import gradus.layers.Layer;
import gradus.tensor.Tensor;

/// The vectors of n virtual tokens, which are trained: one row for each. What a row means is the model's
/// business, see [gradus.layers.model.prompt]; what makes the rows is this layer's. A kind of your own
/// computes [#rows] from whatever parameters it likes.
public abstract class SoftPrompt extends Layer {
    private final int count;
    private final int width;

    /// @param count n, how many virtual tokens there are
    /// @param width size of each one's row
    /// @throws gradus.error.ConfigException if a number is below 1
    protected SoftPrompt(int count, int width) {
        require(count >= 1, "soft prompt: there must be at least 1 virtual token; got %d", count);
        require(width >= 1, "soft prompt: rows must have at least 1 number; got %d", width);
        this.count = count;
        this.width = width;
    }

    /// The rows. Gradients flow from here to the parameters.
    ///
    /// **Shapes** → (n, width)
    public abstract Tensor rows();

    /// n, how many virtual tokens there are.
    public final int count() {
        return count;
    }

    /// Size of a row.
    public final int width() {
        return width;
    }
}
