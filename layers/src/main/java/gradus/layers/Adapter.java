package gradus.layers;

import gradus.error.ConfigException;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;

/// A small trained addition to a [Linear] or an [Embedding]. Once attached, it computes the layer's result,
/// mostly from the layer's own result and a few new parameters: `y = base(x) + B·A·x` for LoRA. The layer keeps
/// the names of its parameters; those of the adapter are listed after them, under the same layer's name.
///
/// ```java
/// final class Scale extends Adapter {
///     private final Tensor scale; // (out)
///
///     Scale(int out) {
///         scale = param("scale", Tensor.ones(out));
///     }
///
///     @Override
///     public Tensor forward(Linear base, Tensor x) {
///         return base.base(x).mul(scale);
///     }
/// }
///
/// gpt.namedLayers(Linear.class).forEach((name, linear) -> linear.adapt(new Scale(linear.out())));
/// ```
public abstract class Adapter extends Layer {

    /// The result of the adapted layer.
    ///
    /// **Shapes** x (..., in) → (..., out)
    ///
    /// @param base the layer, whose own result is [Linear#base]
    /// @throws ConfigException if this adapter is not for a Linear
    public Tensor forward(Linear base, Tensor x) {
        throw ConfigException.of("%s does not adapt a Linear", getClass().getSimpleName());
    }

    /// The result of the adapted table.
    ///
    /// **Shapes** ids (...) → (..., C)
    ///
    /// @param base the table, whose own result is [Embedding#base]
    /// @throws ConfigException if this adapter is not for an Embedding
    public Tensor forward(Embedding base, Indices ids) {
        throw ConfigException.of("%s does not adapt an Embedding", getClass().getSimpleName());
    }

    /// The table that a head with tied weights multiplies by: an adapter may give the head another one than the
    /// base's.
    ///
    /// **Shapes** → (V, C)
    ///
    /// @param base the adapted table
    public Tensor head(Embedding base) {
        return base.weight(); // (V, C)
    }
}
