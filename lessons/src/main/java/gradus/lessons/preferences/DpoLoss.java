package gradus.lessons.preferences;

import gradus.tensor.Tensor;

/// Direct preference optimisation: a policy learns from pairs of answers without a reward model.
public final class DpoLoss {
    private DpoLoss() {}

    /// A policy π gives an answer y the **implicit reward** `r(y) = β·(ln π(y) - ln ref(y))`: how much more
    /// probable it is than with the reference, the model at the beginning. The loss is that of a reward model
    /// with these rewards, the mean over the pairs of
    ///
    /// `-ln σ(r(w) - r(l))`
    ///
    /// for the chosen answer w and the rejected one l. Given are logarithms of whole answers' probabilities.
    /// The reference **gets no gradient**. Log-probabilities may be thousands apart, and the loss must be
    /// finite then.
    ///
    /// Three tensors are given back: the loss, with its gradient, and for the report the implicit rewards of
    /// the chosen and of the rejected answers, **without** a gradient.
    ///
    /// **Shapes** chosen, rejected, refChosen, refRejected (N) → (), (N), (N)
    ///
    /// @param chosen      ln π of the chosen answers
    /// @param refRejected ln ref of the rejected ones
    public static Tensor[] loss(Tensor chosen, Tensor rejected, Tensor refChosen, Tensor refRejected, double beta) {
        // --- your answer
        Tensor better = chosen.sub(refChosen.detach()).mul(beta); // (N)
        Tensor worse = rejected.sub(refRejected.detach()).mul(beta); // (N)
        Tensor loss = better.sub(worse).logSigmoid().mean().neg(); // ()
        return new Tensor[] {loss, better.detach(), worse.detach()};
        // ---
    }
}
