package gradus.layers.loss;

import gradus.tensor.op.CrossEntropy;
import gradus.tensor.type.Indices;
import java.util.stream.IntStream;

/// The rows over which a loss is averaged: those whose target is not [CrossEntropy#IGNORE_INDEX].
final class CountedRows {
    private CountedRows() {}

    /// The indices of these rows.
    static int[] of(Indices targets) {
        int[] classes = targets.values();
        return IntStream.range(0, classes.length)
                .filter(row -> classes[row] != CrossEntropy.IGNORE_INDEX)
                .toArray();
    }
}
