package gradus.train;

import gradus.error.NumericException;
import gradus.layers.Layer;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import java.util.Map;

/// Finds the first tensor with a NaN or an infinity, to be named in an error message.
final class NotFinite {
    private NotFinite() {}

    /// The exception for a loss that is not finite.
    ///
    /// @param step     counted from 1
    /// @param computed tensors that were computed on the way to the loss, by name
    static NumericException loss(int step, double loss, Layer model, Map<String, Tensor> computed) {
        return new NumericException("step %s: the loss is %s; the first tensor that is not finite is %s; try a lower lr"
                .formatted(step, loss, first(model, computed)));
    }

    private static String first(Layer model, Map<String, Tensor> computed) {
        for (Map.Entry<String, Tensor> parameter : model.namedParameters().entrySet()) {
            if (is(parameter.getValue())) {
                return "the parameter " + parameter.getKey();
            }
        }
        return computed.entrySet().stream()
                .filter(entry -> is(entry.getValue()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("the loss itself");
    }

    /// The name of the first parameter whose gradient is not finite.
    static String gradient(Layer model) {
        for (Map.Entry<String, Tensor> parameter : model.namedParameters().entrySet()) {
            Tensor gradient = parameter.getValue().grad();
            if (gradient != null && is(gradient)) {
                return parameter.getKey();
            }
        }
        return "all parameters together";
    }

    private static boolean is(Tensor tensor) {
        return !Double.isFinite(Kernels.of(tensor.buffer()).reductions().sumOfSquares(tensor.buffer()));
    }
}
