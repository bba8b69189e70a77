package gradus.layers;

import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// Holds a layer's gradients to the standard: in double, by central differences, by every parameter and every input.
public final class LayerGradients {
    private LayerGradients() {}

    /// @param inputs in float64, by any names that the layer's parameters do not have
    public static void requireRight(Layer layer, Map<String, Tensor> inputs, Supplier<Tensor> function) {
        layer.to(DType.FLOAT64);
        Map<String, Tensor> all = new LinkedHashMap<>(layer.namedParameters());
        all.putAll(inputs);
        GradientCheck.of(function, all).requirePass();
    }
}
