package gradus.tensor.kernel;

import gradus.tensor.Tensor;
import gradus.tensor.kernel.KernelCases.Call;
import gradus.tensor.kernel.KernelCases.Case;
import gradus.tensor.kernel.QuantizedKernels.Window;
import gradus.tensor.memory.Buffer;
import gradus.tensor.quant.BlockFormat;
import gradus.tensor.quant.Nf4;
import gradus.tensor.quant.Q4_0;
import gradus.tensor.quant.Q8_0;
import gradus.tensor.quant.QuantizedMatrix;
import java.util.stream.Stream;

/// Decoding of block formats.
final class QuantizedCases {
    private QuantizedCases() {}

    static Stream<Case> decoding() {
        return Stream.of(
                new Case("dequantize nf4", c -> dequantize(c, new Nf4(), false)),
                new Case("dequantize nf4, double", c -> dequantize(c, new Nf4(), true)),
                new Case("dequantize q8_0", c -> dequantize(c, new Q8_0(), false)),
                new Case("dequantize q4_0", c -> dequantize(c, new Q4_0(), false)));
    }

    private static Runnable dequantize(Call c, BlockFormat format, boolean twice) {
        int rows = c.rows();
        int columns = format.acrossRows() ? c.size() : format.blockSize() * c.small();
        QuantizedMatrix matrix = matrix(c, format, twice, rows, columns);
        Window window = window(c, rows, columns);
        Buffer decoded = c.output("decoded", window.rows() * window.columns());
        return () -> decode(c.kernels, matrix, window, decoded);
    }

    /// Elements whose blocks have scales of all sizes: of some blocks all are 0.
    static QuantizedMatrix matrix(Call c, BlockFormat format, boolean twice, int rows, int columns) {
        float[] values = c.input(rows * columns).toFloats();
        for (int i = 0; i < values.length; i++) {
            int block = i / format.blockSize();
            values[i] *= block % 7 == 3 ? 0 : (float) Math.pow(10, block % 9 - 6);
        }
        QuantizedMatrix matrix = Tensor.of(values, rows, columns).quantize(format);
        return twice ? matrix.doubleQuantized() : matrix;
    }

    static Window window(Call c, int rows, int columns) {
        int fromRow = c.random.nextInt(rows);
        int fromColumn = c.random.nextInt(columns);
        return new Window(
                fromRow,
                fromRow + 1 + c.random.nextInt(rows - fromRow),
                fromColumn,
                fromColumn + 1 + c.random.nextInt(columns - fromColumn));
    }

    private static void decode(Kernels kernels, QuantizedMatrix matrix, Window window, Buffer into) {
        if (kernels.quantized() != null) {
            kernels.quantized().dequantize(matrix, window, into);
        } else {
            into.set(onHost(matrix, window));
        }
    }

    static float[] onHost(QuantizedMatrix matrix, Window window) {
        float[] rows = new float[window.rows() * matrix.columns()];
        matrix.dequantize(window.fromRow(), window.toRow(), rows);
        float[] values = new float[window.rows() * window.columns()];
        for (int row = 0; row < window.rows(); row++) {
            System.arraycopy(
                    rows,
                    row * matrix.columns() + window.fromColumn(),
                    values,
                    row * window.columns(),
                    window.columns());
        }
        return values;
    }
}
