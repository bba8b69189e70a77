package gradus.layers.model;

import static gradus.error.ConfigException.require;

import gradus.layers.Layer;
import gradus.layers.Transform;
import gradus.layers.WeightKind;
import gradus.tensor.Tensor;

/// One number for each state of a [LanguageModel]: `V = w·x + b`, for a critic the reward that is still to
/// come. The states are what stands before the head of the model, see [LanguageModel#states].
///
/// It begins at 0, so that a critic's first word is "I do not know", however large the states are.
public final class ValueHead extends Layer implements Transform {
    private final Tensor weight; // (1, C)
    private final Tensor bias; // (1)

    /// @param dim C, channels of the states
    /// @throws gradus.error.ConfigException if it is below 1
    public ValueHead(int dim) {
        require(dim >= 1, "ValueHead: dim must be at least 1; got %d", dim);
        this.weight = param("weight", WeightKind.MATRIX, Tensor.zeros(1, dim));
        this.bias = param("bias", WeightKind.BIAS, Tensor.zeros(1));
    }

    /// **Shapes** x (..., C) → (...)
    ///
    /// @throws gradus.error.ShapeException if the last axis is not C
    @Override
    public Tensor forward(Tensor x) {
        Tensor values = x.linear(weight, bias); // (..., 1)
        return hooked(values.squeeze(-1)); // (...)
    }
}
