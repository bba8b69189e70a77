package gradus.tensor.kernel;

import gradus.tensor.kernel.KernelCases.Call;
import gradus.tensor.kernel.KernelCases.Case;
import gradus.tensor.kernel.NormKernels.Norm;
import gradus.tensor.kernel.NormKernels.NormGradients;
import gradus.tensor.memory.Buffer;
import java.util.stream.Stream;

/// Normalisation of rows.
final class NormCases {
    private NormCases() {}

    static Stream<Case> norms() {
        return Stream.of(
                new Case("layerNorm", c -> {
                    int rows = c.rows();
                    int columns = c.size();
                    Buffer x = c.input(rows * columns);
                    Buffer gain = c.input(columns);
                    Buffer bias = c.input(columns);
                    Norm norm =
                            new Norm(c.output("y", rows * columns), c.output("mean", rows, 1), c.output("rstd", rows));
                    return () -> c.kernels.norms().layerNorm(x, gain, bias, 1e-2, rows, columns, norm);
                }),
                new Case("rmsNorm", c -> {
                    int rows = c.rows();
                    int columns = c.size();
                    Buffer x = c.input(rows * columns);
                    Buffer gain = c.input(columns);
                    Norm norm = new Norm(c.output("y", rows * columns), null, c.output("rstd", rows));
                    return () -> c.kernels.norms().rmsNorm(x, gain, 1e-2, rows, columns, norm);
                }),
                new Case("layerNorm backward", c -> normBackward(c, true)),
                new Case("rmsNorm backward", c -> normBackward(c, false)));
    }

    private static Runnable normBackward(Call c, boolean layer) {
        int rows = c.rows();
        int columns = c.size();
        Buffer x = c.input(rows * columns);
        Buffer gain = c.input(columns);
        Buffer mean = layer ? c.input(rows) : null;
        Norm norm = new Norm(null, mean, c.positive(rows));
        Buffer dy = c.input(rows * columns);
        // Some factors of about 2 in each of rows terms.
        double magnitude = 2 * Math.sqrt(rows);
        NormGradients gradients = new NormGradients(
                c.maybe("dx", rows * columns, 1),
                c.maybe("dgain", columns, magnitude),
                layer ? c.maybe("dbias", columns, magnitude) : null);
        return () -> {
            if (layer) {
                c.kernels.norms().layerNormBackward(x, gain, norm, dy, rows, columns, gradients);
            } else {
                c.kernels.norms().rmsNormBackward(x, gain, norm, dy, rows, columns, gradients);
            }
        };
    }
}
