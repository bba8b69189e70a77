package gradus.train.task;

import static gradus.error.ConfigException.require;

import gradus.tensor.op.CrossEntropy;

/// The losses that come with the library.
public final class Losses {
    private Losses() {}

    /// The mean of `-log softmax(logits)[target]`.
    public static Loss crossEntropy() {
        return crossEntropy(0);
    }

    /// The same against targets smoothed by ε; see [CrossEntropy].
    public static Loss crossEntropy(double labelSmoothing) {
        require(labelSmoothing >= 0 && labelSmoothing < 1, "labelSmoothing must be in [0, 1); got %s", labelSmoothing);
        return (logits, batch) -> logits.crossEntropy(batch.targets(), CrossEntropy.IGNORE_INDEX, labelSmoothing);
    }
}
