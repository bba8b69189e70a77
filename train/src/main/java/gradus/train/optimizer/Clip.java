package gradus.train.optimizer;

import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.memory.Buffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/// Gradient clipping: scales the gradient down if it is too long, so that one bad batch cannot throw the
/// weights far away. Pascanu, Mikolov & Bengio 2012, arXiv:1211.5063.
public final class Clip {
    /// Keeps the quotient finite at a norm of 0, as in PyTorch.
    private static final double EPS = 1e-6;

    private Clip() {}

    /// Multiplies all gradients by `min(1, max/(norm + 1e-6))`, where the norm `√Σg²` is taken over all
    /// gradients together. If the norm is not finite, nothing is changed.
    ///
    /// @return the norm before scaling
    public static double clipGradNorm(List<Tensor> parameters, double max) {
        double norm = gradNorm(parameters);
        double scale = max / (norm + EPS);
        if (scale < 1 && Double.isFinite(norm)) {
            gradients(parameters)
                    .forEach((kernels, gradients) -> kernels.pointwise().scale(gradients, scale));
        }
        return norm;
    }

    /// The norm `√Σg²` of all gradients together.
    public static double gradNorm(List<Tensor> parameters) {
        double sum = 0;
        for (var each : gradients(parameters).entrySet()) {
            sum += each.getKey().reductions().sumOfSquares(each.getValue());
        }
        return Math.sqrt(sum);
    }

    /// All gradients in order, grouped by the kernels that compute with them: one group, unless number types
    /// are mixed.
    private static Map<Kernels, List<Buffer>> gradients(List<Tensor> parameters) {
        return parameters.stream()
                .map(Tensor::grad)
                .filter(Objects::nonNull)
                .map(Tensor::buffer)
                .collect(Collectors.groupingBy(Kernels::of, LinkedHashMap::new, Collectors.toList()));
    }
}
