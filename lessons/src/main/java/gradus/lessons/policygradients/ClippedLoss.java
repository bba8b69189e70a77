package gradus.lessons.policygradients;

import gradus.tensor.Tensor;

/// The objective of PPO, as a loss: several steps from the same samples, none of which goes too far.
public final class ClippedLoss {
    private ClippedLoss() {}

    /// With the ratio `ρ = exp(ln π - ln π_old)` of a token, the objective is the smaller of two numbers,
    ///
    /// `min(ρ·A, clip(ρ, 1 - low, 1 + high)·A)`
    ///
    /// and the loss is **minus the mean** of it over all tokens of the batch whose mask is 1. At least one is.
    ///
    /// π_old is the policy that drew the tokens: a number that no step changes. Neither it nor the advantages A
    /// get a gradient, only ln π. At padding all numbers are finite and mean nothing.
    ///
    /// **Shapes** logProbs, old, advantages, mask (N, T) → ()
    ///
    /// @param logProbs ln π of the tokens, with the policy as it is now
    /// @param old      ln π_old of the same tokens
    public static Tensor loss(Tensor logProbs, Tensor old, Tensor advantages, Tensor mask, double low, double high) {
        // --- your answer
        Tensor ratio = logProbs.sub(old.detach()).exp(); // (N, T)
        Tensor gain = advantages.detach(); // (N, T)
        Tensor clipped = ratio.clamp(1 - low, 1 + high); // (N, T)
        Tensor objective = ratio.mul(gain).minimum(clipped.mul(gain)); // (N, T)
        return objective.mul(mask).sum().div(mask.sum()).neg(); // ()
        // ---
    }
}
