package gradus.train.optimizer;

import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.memory.Destination;
import java.util.List;

/// Bounds the gradient. Pascanu, Mikolov & Bengio 2012, arXiv:1211.5063.
public final class Clip {
    /// Keeps the quotient finite at a norm of 0, as in PyTorch.
    private static final double EPS = 1e-6;

    private Clip() {}

    /// Scales all gradients by `min(1, max/(norm + 1e-6))` with one norm `√Σg²` over all of them. A norm that
    /// is not finite changes nothing.
    ///
    /// @return the norm before
    public static double clipGradNorm(List<Tensor> parameters, double max) {
        double norm = gradNorm(parameters);
        double scale = max / (norm + EPS);
        if (scale < 1 && Double.isFinite(norm)) {
            for (Tensor parameter : parameters) {
                Tensor gradient = parameter.grad();
                if (gradient != null) {
                    Kernels.of(gradient.buffer())
                            .pointwise()
                            .affine(gradient.buffer(), scale, 0, new Destination(gradient.buffer(), false));
                }
            }
        }
        return norm;
    }

    /// The norm `√Σg²` of all gradients together.
    public static double gradNorm(List<Tensor> parameters) {
        double sum = 0;
        for (Tensor parameter : parameters) {
            Tensor gradient = parameter.grad();
            if (gradient != null) {
                sum += Kernels.of(gradient.buffer()).reductions().sumOfSquares(gradient.buffer());
            }
        }
        return Math.sqrt(sum);
    }
}
