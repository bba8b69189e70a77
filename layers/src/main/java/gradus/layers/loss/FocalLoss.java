package gradus.layers.loss;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import gradus.tensor.op.CrossEntropy;
import gradus.tensor.type.Indices;

/// The mean of `(1 - p)^γ·(-ln p)`, where p is the probability of the target: a cross-entropy that gives less
/// weight to targets that the model already predicts well. With γ = 0 it is the cross-entropy; γ = 2 is
/// usual. Lin et al. 2017, arXiv:1708.02002, without the weights α of the classes.
public final class FocalLoss {
    /// Keeps `ln(1 - p)` finite where p is 1; the loss is 0 there anyway.
    private static final double TINY = 1e-30;

    private FocalLoss() {}

    /// **Shapes** logits (..., V), targets (...) → ()
    ///
    /// @param targets classes from 0 to V - 1, or [CrossEntropy#IGNORE_INDEX] in rows to leave out
    /// @param gamma   γ, at least 0
    /// @return the mean over the other rows; 0 if there are none
    /// @throws gradus.error.ConfigException if γ is negative or not finite
    /// @throws gradus.error.ShapeException  if the shapes do not fit or a class is out of range
    public static Tensor of(Tensor logits, Indices targets, double gamma) {
        require(gamma >= 0 && Double.isFinite(gamma), "FocalLoss: gamma must be at least 0; got %s", gamma);
        Tensor nll = CrossEntropy.rows(logits, targets, CrossEntropy.IGNORE_INDEX, 0); // (...), 0 if left out
        Tensor missing = nll.neg().exp().neg().add(1).add(TINY); // 1 - p
        Tensor focal = missing.log().mul(gamma).exp().mul(nll); // (...)
        return focal.sum().div(Math.max(1, CountedRows.of(targets).length)); // ()
    }
}
