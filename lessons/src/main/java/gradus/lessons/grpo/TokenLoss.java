package gradus.lessons.grpo;

import gradus.tensor.Tensor;

/// How the losses of tokens become the loss of a batch: four ways that differ in what a token of a long answer
/// counts.
public final class TokenLoss {
    private TokenLoss() {}

    /// Of N answers, the tokens t of answer i have the losses `l_it`, and the mask is 1 at these and 0 at
    /// padding. `|y_i|` is the number of tokens of an answer. By `type`, the loss is
    ///
    /// ```
    /// grpo     1/N · Σ_i (1/|y_i| · Σ_t l_it)     the mean of the answers' means
    /// bnpo     Σ_it l_it / Σ_i |y_i|              the mean over the tokens of this batch
    /// dr_grpo  Σ_it l_it / (N·maxLength)          a constant in the place of lengths
    /// dapo     Σ_it l_it / stepTokens             this batch is a part of a step with so many tokens
    /// ```
    /// An answer without tokens counts 0, and is still one of N. A batch without any tokens gives 0.
    ///
    /// **Shapes** losses (N, T), mask (N, T) → ()
    ///
    /// @param losses     finite at padding, where they mean nothing
    /// @param type       `"grpo"`, `"bnpo"`, `"dr_grpo"` or `"dapo"`
    /// @param maxLength  how many tokens an answer may have at most: T may be less
    /// @param stepTokens tokens in all batches of the step, at least 1
    public static Tensor loss(Tensor losses, Tensor mask, String type, int maxLength, double stepTokens) {
        // --- your answer
        Tensor own = losses.mul(mask); // (N, T)
        Tensor lengths = mask.sum(1); // (N)
        return switch (type) {
            case "grpo" -> own.sum(1).div(lengths.clamp(1, mask.dim(1))).mean();
            case "bnpo" -> own.sum().div(Math.max(1, mask.sum().item()));
            case "dr_grpo" -> own.sum().div((double) mask.dim(0) * maxLength);
            default -> own.sum().div(stepTokens);
        };
        // ---
    }
}
