package gradus.tensor.op;

import static gradus.error.ShapeException.given;

import gradus.tensor.Autograd;
import gradus.tensor.Saved;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.BinaryFunction;
import gradus.tensor.kernel.CrossEntropyKernels.Targets;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.Strided;
import gradus.tensor.memory.Buffer;
import gradus.tensor.type.Shape;
import java.util.Arrays;

/// `y = ln Σⱼ exp(xⱼ)` along the last axis, which disappears. A row of -∞ only gives -∞ and no gradient.
///
/// `∂y/∂xⱼ = exp(xⱼ)/Σ exp(x) = softmax(x)ⱼ`, hence `dx = softmax(x)·dy`.
public final class LogSumExp {
    private LogSumExp() {}

    /// **Shapes** x (..., n) → (...)
    public static Tensor apply(Tensor x) {
        given(x, "logSumExp", "a tensor");
        int columns = x.shape().last();
        int rows = x.size() / columns;
        int[] dims = Arrays.copyOf(x.shape().dims(), x.rank() - 1);
        Kernels kernels = Kernels.of(x.buffer());
        if (kernels.crossEntropy() == null || kernels.softmax() == null) {
            return plain(x);
        }
        Tensor y = x.newEmpty(Shape.of(dims));
        // Cross-entropy keeps the log-sum-exp of its rows; the losses themselves are of no use here.
        Buffer losses = x.buffer().like(rows);
        kernels.crossEntropy()
                .crossEntropy(x.buffer(), rows, columns, new Targets(new int[rows], -1, 0), losses, y.buffer());
        losses.release("the operation that used it is through");
        Saved saved = Saved.of(x);
        return Autograd.record(
                y,
                dy -> {
                    Buffer p = x.buffer().like(rows * columns);
                    kernels.softmax().softmax(saved.get(), rows, columns, p);
                    Shape matrix = Shape.of(rows, columns);
                    Strided column = Strided.broadcast(Shape.of(rows, 1), matrix);
                    Strided all = Strided.contiguous(matrix);
                    kernels.pointwise().binary(BinaryFunction.MULTIPLY, p, all, dy, column, x.gradientDestination());
                    p.release("the operation that used it is through");
                },
                x);
    }

    /// The same in plain tensor operations, which is its definition.
    ///
    /// **Shapes** x (..., n) → (...)
    public static Tensor plain(Tensor x) {
        given(x, "logSumExp", "a tensor");
        Tensor largest = Softmax.largest(x); // (..., 1), taken off so that exp stays within its range
        Tensor y = x.sub(largest).exp().sum(-1, true).log().add(largest); // (..., 1)
        return y.reshape(x.shape().without(-1).dims()); // (...)
    }
}
