package gradus.train.task;

import gradus.tensor.op.CrossEntropy;
import gradus.tensor.type.Indices;

/// Sequences and, for every position, the token that follows it.
///
/// **Shapes** inputs and targets (B, T)
public record Batch(Indices inputs, Indices targets) {

    /// How many targets count towards the loss: all that are not [CrossEntropy#IGNORE_INDEX].
    public int counted() {
        int counted = 0;
        for (int target : targets.values()) {
            counted += target == CrossEntropy.IGNORE_INDEX ? 0 : 1;
        }
        return counted;
    }
}
