package gradus.tensor.kernel;

import gradus.tensor.kernel.CrossEntropyKernels.Targets;
import gradus.tensor.kernel.KernelCases.Call;
import gradus.tensor.kernel.KernelCases.Case;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import java.util.stream.Stream;

/// Softmax of rows and cross-entropy.
final class SoftmaxCases {
    private SoftmaxCases() {}

    static Stream<Case> softmaxes() {
        return Stream.of(
                new Case("softmax", c -> {
                    int rows = c.rows();
                    int columns = c.size();
                    Buffer x = withEmptyRow(c, rows, columns);
                    Buffer y = c.output("y", rows * columns);
                    return () -> c.kernels.softmax().softmax(x, rows, columns, y);
                }),
                new Case("softmax backward", c -> {
                    int rows = c.rows();
                    int columns = c.size();
                    Buffer y = c.uninitialized(rows * columns);
                    c.forward.softmax().softmax(c.input(rows * columns), rows, columns, y);
                    Buffer dy = c.input(rows * columns);
                    Destination dx = c.destination("dx", rows * columns, 1);
                    return () -> c.kernels.softmax().softmaxBackward(y, dy, rows, columns, dx);
                }),
                new Case("logSoftmax", c -> {
                    int rows = c.rows();
                    int columns = c.size();
                    Buffer x = withEmptyRow(c, rows, columns);
                    Buffer y = c.output("y", rows * columns, 1);
                    return () -> c.kernels.softmax().logSoftmax(x, rows, columns, y);
                }),
                new Case("logSoftmax backward", c -> {
                    int rows = c.rows();
                    int columns = c.size();
                    Buffer y = c.uninitialized(rows * columns);
                    c.forward.softmax().logSoftmax(c.input(rows * columns), rows, columns, y);
                    Buffer dy = c.input(rows * columns);
                    Destination dx = c.destination("dx", rows * columns, 1);
                    return () -> c.kernels.softmax().logSoftmaxBackward(y, dy, rows, columns, dx);
                }));
    }

    static Stream<Case> losses() {
        return Stream.of(
                new Case("crossEntropy", c -> {
                    int rows = c.rows();
                    int columns = c.size();
                    Buffer x = c.input(rows * columns);
                    Targets targets = targets(c, rows, columns);
                    Buffer losses = c.output("losses", rows, 1);
                    Buffer lse = c.output("lse", rows, 1);
                    return () -> c.kernels.crossEntropy().crossEntropy(x, rows, columns, targets, losses, lse);
                }),
                new Case("crossEntropy backward", c -> {
                    int rows = c.rows();
                    int columns = c.size();
                    Buffer x = c.input(rows * columns);
                    Targets targets = targets(c, rows, columns);
                    Buffer lse = c.uninitialized(rows);
                    Buffer losses = c.uninitialized(rows);
                    c.forward.crossEntropy().crossEntropy(x, rows, columns, targets, losses, lse);
                    Buffer dlosses = c.input(rows);
                    Destination dx = c.destination("dx", rows * columns, 1);
                    return () ->
                            c.kernels.crossEntropy().crossEntropyBackward(x, rows, columns, targets, lse, dlosses, dx);
                }));
    }

    private static Buffer withEmptyRow(Call c, int rows, int columns) {
        Buffer x = c.input(rows * columns);
        if (c.flag()) {
            float[] values = x.toFloats();
            java.util.Arrays.fill(values, 0, columns, Float.NEGATIVE_INFINITY);
            values[values.length - 1] = Float.NEGATIVE_INFINITY;
            x.set(values);
        }
        return x;
    }

    private static Targets targets(Call c, int rows, int columns) {
        int[] classes = c.indices(rows, columns);
        if (c.flag()) {
            for (int row = 0; row < rows; row += 3) {
                classes[row] = -100;
            }
        }
        return new Targets(classes, -100, c.pick(new Double[] {0.0, 0.1}));
    }
}
