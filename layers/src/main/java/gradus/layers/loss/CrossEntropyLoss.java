package gradus.layers.loss;

import gradus.tensor.Tensor;
import gradus.tensor.op.CrossEntropy;
import gradus.tensor.type.Indices;

/// How badly logits x predict classes y: the mean of `-log p_y` with `p = softmax(x)`, in nats. It is 0 if
/// the model gives every target class the probability 1, and ln V if it gives all V classes the same
/// probability.
///
/// With label smoothing ε the target is `q = (1 - ε)·onehot(y) + ε/V` and the loss `-Σ_v q_v·log p_v`, so
/// that the loss is not made smaller by logits that grow without bound. Szegedy et al. 2015,
/// arXiv:1512.00567.
///
/// The same as PyTorch's CrossEntropyLoss. The computation and the gradient `p - q` are in [CrossEntropy].
public final class CrossEntropyLoss {
    private CrossEntropyLoss() {}

    /// **Shapes** logits (..., V), targets (...) → ()
    ///
    /// @param targets classes from 0 to V - 1, or [CrossEntropy#IGNORE_INDEX] in rows to leave out
    /// @return the mean over the other rows; 0 if there are none
    /// @throws gradus.error.ShapeException if the shapes do not fit or a class is out of range
    public static Tensor of(Tensor logits, Indices targets) {
        return of(logits, targets, 0);
    }

    /// The cross-entropy with label smoothing.
    ///
    /// @param labelSmoothing ε, from 0 to 1
    public static Tensor of(Tensor logits, Indices targets, double labelSmoothing) {
        return logits.crossEntropy(targets, CrossEntropy.IGNORE_INDEX, labelSmoothing);
    }
}
