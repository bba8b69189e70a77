package gradus.tensor.kernel;

import gradus.tensor.kernel.KernelCases.Call;
import gradus.tensor.kernel.KernelCases.Case;
import gradus.tensor.kernel.KernelCases.Output;
import gradus.tensor.kernel.OptimizerKernels.AdamWUpdate;
import gradus.tensor.memory.Buffer;
import java.util.List;
import java.util.stream.Stream;

/// What the last part of a training step does to all parameters in one call.
final class ManyBuffersCases {
    private ManyBuffersCases() {}

    static Stream<Case> overManyBuffers() {
        return Stream.of(
                new Case("adamW", c -> {
                    List<AdamWUpdate> updates =
                            Stream.generate(() -> adamW(c)).limit(c.small()).toList();
                    return () -> c.kernels.optimizers().adamW(updates);
                }),
                new Case("sumOfSquares", c -> {
                    List<Buffer> xs = Stream.generate(() -> c.input(c.rows() * c.size()))
                            .limit(c.small())
                            .toList();
                    Buffer y = c.output("y", 1);
                    return () -> y.set(new double[] {c.kernels.reductions().sumOfSquares(xs)});
                }),
                new Case("scale", c -> {
                    List<Buffer> xs = Stream.generate(() -> c.input(c.rows() * c.size()))
                            .limit(c.small())
                            .toList();
                    xs.forEach(x -> c.outputs.add(new Output("x", x, 0)));
                    return () -> c.kernels.pointwise().scale(xs, 0.7);
                }));
    }

    private static AdamWUpdate adamW(Call c) {
        int n = c.rows() * c.size();
        Buffer parameter = c.input(n);
        Buffer m = c.input(n);
        Buffer v = c.positive(n);
        c.outputs.add(new Output("parameter", parameter, 0));
        c.outputs.add(new Output("m", m, 0));
        c.outputs.add(new Output("v", v, 0));
        AdamWStep step = new AdamWStep(1e-2, 0.9, 0.99, 1e-8, 0.1, 1 + c.small() * c.small());
        return new AdamWUpdate(step, parameter, c.input(n), m, v);
    }
}
