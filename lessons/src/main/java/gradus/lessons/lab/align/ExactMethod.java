package gradus.lessons.lab.align;

import gradus.tensor.Tensor;

/// An algorithm with exact expectations in the place of samples: a loss whose gradient is the gradient that
/// the algorithm has on average, and the policy at which it comes to rest, by formula.
public interface ExactMethod {
    /// For tables.
    String title();

    /// The expected loss. Its losses of tokens or pairs are those that a training takes.
    ///
    /// **Shapes** logits (S, V) → ()
    ///
    /// @param tokens whether each token is a decision of its own, or a whole answer is one
    Tensor loss(EnumerableProblem problem, Tensor logits, boolean tokens);

    /// Where the algorithm comes to rest.
    ///
    /// @param tokens as above
    /// @return the probability of each answer
    double[] closedForm(EnumerableProblem problem, boolean tokens);

    /// One step from a table of logits along the gradient of the loss, as long as the algorithm can bear.
    ///
    /// @param gradient of the logits, S·V numbers
    /// @param probs    of the answers
    /// @return what is subtracted from the logits
    double[] step(EnumerableProblem problem, double[] gradient, double[] probs);
}
