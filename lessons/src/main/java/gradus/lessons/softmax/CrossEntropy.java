package gradus.lessons.softmax;

import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;

/// How bad a model's scores are.
public final class CrossEntropy {
    private CrossEntropy() {}

    /// The mean surprise (natural logarithm) at the targets, from scores:
    ///
    /// `L = −(1/n)·Σᵢ ln softmax(logits[i])[targets[i]]`, the sum over those n rows whose target is not `ignore`.
    ///
    /// Rows whose target is `ignore` count neither in the sum nor in n, and get no gradient. `ignore` may be
    /// a number that is no class, such as -100, or one that is. At least one row counts. Scores may be as
    /// large as 1,000, and the target so unlikely that its probability is rounded to 0: the loss is finite
    /// and exact even then.
    ///
    /// **Shapes** logits (N, V), targets (N) → a tensor of one number, without axes
    public static Tensor crossEntropy(Tensor logits, Indices targets, int ignore) {
        // --- your answer
        int rows = logits.dim(0);
        int classes = logits.dim(1);
        float[] came = new float[rows * classes]; // 1 at each target that counts
        int counted = 0;
        for (int i = 0; i < rows; i++) {
            if (targets.get(i) != ignore) {
                came[i * classes + targets.get(i)] = 1;
                counted++;
            }
        }
        Tensor shifted = logits.sub(logits.amax(-1, true)); // (N, V)
        Tensor logP = shifted.sub(shifted.exp().sum(-1, true).log()); // (N, V)
        return logP.mul(Tensor.of(came, rows, classes)).sum().div(-counted);
        // ---
    }
}
