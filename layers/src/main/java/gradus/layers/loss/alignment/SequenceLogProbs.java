package gradus.layers.loss.alignment;

import gradus.tensor.Tensor;

/// The log-probability of a whole answer, `ln π(y) = Σ_t ln π(y_t | y_<t, prompt)`: a **sum**, for the probability of
/// an answer is the product of those of its tokens. The tokens of the prompt are none of it.
public final class SequenceLogProbs {
    private SequenceLogProbs() {}

    /// **Shapes** perToken (N, T), mask (N, T) → (N)
    ///
    /// @param perToken ln π of each token given those before it
    /// @param mask     1 at the tokens of the answer, 0 at prompt and padding; the result is 0 for an answer
    without
    ///     tokens
    /// @throws gradus.error.ShapeException if the shapes differ
    public static Tensor of(Tensor perToken, Tensor mask) {
        TokenShapes.requireAlike("sequenceLogProbs", "perToken", perToken, "mask", mask);
        return perToken.maskedFill(mask.eq(0), 0).sum(-1); // (N)
    }
}
