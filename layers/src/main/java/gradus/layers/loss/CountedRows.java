package gradus.layers.loss;

import gradus.tensor.Indices;
import gradus.tensor.op.CrossEntropy;
import java.util.stream.IntStream;

/// The rows that a loss is a mean over: those whose target is not [CrossEntropy#IGNORE_INDEX].
final class CountedRows {
    private CountedRows() {}

    /// Their places among the targets.
    static int[] of(Indices targets) {
        int[] classes = targets.values();
        return IntStream.range(0, classes.length)
                .filter(row -> classes[row] != CrossEntropy.IGNORE_INDEX)
                .toArray();
    }
}
