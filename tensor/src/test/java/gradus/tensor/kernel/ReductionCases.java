package gradus.tensor.kernel;

import static gradus.tensor.kernel.KernelCases.shrunk;

import gradus.tensor.kernel.KernelCases.Case;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import gradus.tensor.type.Shape;
import java.util.stream.Stream;

/// Sums and extremes.
final class ReductionCases {
    private ReductionCases() {}

    static Stream<Case> sums() {
        return Stream.of(
                new Case("reduce", c -> {
                    int outer = c.small();
                    int n = c.rows();
                    int inner = c.size();
                    Reduction reduction = c.pick(Reduction.values());
                    Buffer x = c.input(outer * n * inner);
                    Buffer y = c.output("y", outer * inner, Math.sqrt(n));
                    return () -> c.kernels.reductions().reduce(reduction, x, outer, n, inner, y);
                }),
                new Case("reduce the last axis", c -> {
                    int outer = c.rows();
                    int n = c.size();
                    Reduction reduction = c.pick(Reduction.values());
                    Buffer x = c.input(outer * n);
                    Buffer y = c.output("y", outer, Math.sqrt(n));
                    return () -> c.kernels.reductions().reduce(reduction, x, outer, n, 1, y);
                }),
                new Case("sumTo", c -> {
                    Shape shape = Shape.of(c.small(), c.rows(), c.small(), c.size());
                    Shape to = shrunk(c, shape);
                    Buffer x = c.input(shape.size());
                    Destination y = c.destination("y", to.size(), Math.sqrt(1.0 * shape.size() / to.size()));
                    return () -> c.kernels.reductions().sumTo(x, Strided.broadcast(to, shape), 0.5, y);
                }),
                new Case("sumTo a row", c -> {
                    Shape shape = Shape.of(c.rows(), c.size());
                    Shape to = Shape.of(shape.last());
                    Buffer x = c.input(shape.size());
                    Destination y = c.destination("y", to.size(), Math.sqrt(shape.dim(0)));
                    return () -> c.kernels.reductions().sumTo(x, Strided.broadcast(to, shape), 1, y);
                }));
    }
}
