package gradus.tensor.op;

import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.Strided;
import gradus.tensor.memory.Destination;
import java.util.function.Supplier;

/// A gradient written in tensor operations: slower than a kernel, and read like the equation.
final class TensorBackward {
    private TensorBackward() {}

    /// Adds to an input's gradient, summed over the axes along which the input was stretched.
    ///
    /// @param derivative makes a tensor of the result's shape; only called if the gradient is wanted
    static void add(Tensor x, Supplier<Tensor> derivative) {
        Destination dx = x.gradientDestination();
        if (dx == null) {
            return;
        }
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            Tensor made = derivative.get();
            Strided walk = Strided.broadcast(x.shape(), made.shape());
            Kernels.of(made.buffer()).reductions().sumTo(made.buffer(), walk, 1, dx);
        }
    }
}
