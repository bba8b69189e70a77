package gradus.layers.adapter;

import gradus.error.ConfigException;
import gradus.layers.Embedding;
import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.tensor.Tensor;
import gradus.tensor.op.product.LowRankUpdate;
import gradus.tensor.type.Indices;

/// What one adapter adds to one layer: to the layer's result while it is attached, to the layer's matrix when
/// it is merged. Several parts on one layer add up, each times a weight of its own:
///
/// `y = base(x) + Σ wᵢ·addedᵢ(x)`
///
/// The parameters of a part are those that an adapter's file holds for the layer, by peft's names.
public abstract class Part extends Layer {

    /// What is added to a Linear's result.
    ///
    /// **Shapes** x (..., in), y (..., out) → (..., out)
    ///
    /// @param y the base's result for x
    Tensor added(Linear base, Tensor x, Tensor y) {
        throw ConfigException.of("%s does not adapt a Linear", getClass().getSimpleName());
    }

    /// The sum of a Linear's result and what is added to it, where nothing else needs that result: it may be
    /// written over.
    ///
    /// **Shapes** y (..., out), x (..., in) → (..., out)
    ///
    /// @param weight of this part
    Tensor addTo(Tensor y, Linear base, Tensor x, double weight) {
        Tensor added = added(base, x, y); // (..., out)
        return y.add(weight == 1 ? added : added.mul(weight)); // (..., out)
    }

    /// This part as an update of a Linear's matrix, `weight·s·B·A`, if that is all that it is now. Such parts
    /// can be multiplied together with the matrix.
    ///
    /// @return null if this part is anything else
    LowRankUpdate update(double weight) {
        return null;
    }

    /// What is added to an Embedding's result.
    ///
    /// **Shapes** ids (...), y (..., C) → (..., C)
    ///
    /// @param y the base's result for the ids
    Tensor added(Embedding base, Indices ids, Tensor y) {
        throw ConfigException.of("%s does not adapt an Embedding", getClass().getSimpleName());
    }

    /// ΔW, what is added to the layer's matrix when this part is merged.
    ///
    /// **Shapes** weight (out, in) or (V, C) → the same
    public abstract Tensor deltaWeight(Tensor weight);

    /// What is added to a Linear's bias when this part is merged; null for nothing.
    ///
    /// **Shapes** bias (out) → (out)
    Tensor deltaBias(Tensor bias) {
        return null;
    }
}
