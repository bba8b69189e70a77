package gradus.layers.loss;

import static gradus.error.ShapeException.require;

import gradus.tensor.Tensor;

/// How far a distribution q is from the target distribution p: `KL(p‖q) = Σ p·(ln p - ln q)`, at least 0, and
/// 0 only where they are equal. Kullback & Leibler 1951. Both are given as logits, `p = softmax(target)` and
/// `q = softmax(logits)`, so that no logarithm of a 0 is taken. Distillation minimises it: the target is the
/// teacher's logits, detached, and both logits are divided by a temperature (Hinton, Vinyals & Dean 2015,
/// arXiv:1503.02531).
public final class KlDivergence {
    private KlDivergence() {}

    /// The mean over all rows.
    ///
    /// **Shapes** logits (..., V), target the same → ()
    ///
    /// @throws gradus.error.ShapeException if the shapes differ
    public static Tensor of(Tensor logits, Tensor target) {
        require(
                logits.shape().equals(target.shape()) && logits.rank() >= 1,
                "klDivergence: logits and target must both be (..., V); got %s and %s",
                logits.shape(),
                target.shape());
        Tensor logP = target.logSoftmax(); // (..., V)
        Tensor terms = logP.exp().mul(logP.sub(logits.logSoftmax())); // (..., V)
        return terms.sum(-1).mean(); // ()
    }
}
