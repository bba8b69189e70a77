package gradus.lessons.initialisation;

import gradus.tensor.Tensor;

/// Weights that fit the data: made so that a layer's outputs have variance 1.
public final class UnitVariance {
    private UnitVariance() {}

    /// The weight divided by one number, so that the outputs `x·Wᵀ` of this batch have variance 1: by their
    /// standard deviation over **all** N·F outputs together. The variance is the mean of the squared
    /// distances from the mean (divided by N·F, not by N·F - 1). The weight's shape stays, and its sign.
    ///
    /// **Shapes** weight (F, C), x (N, C) → (F, C)
    public static Tensor scaled(Tensor weight, Tensor x) {
        // --- your answer
        Tensor y = x.matmul(weight, false, true); // (N, F)
        Tensor variance = y.sub(y.mean()).square().mean(); // ()
        return weight.div(variance.sqrt()); // (F, C)
        // ---
    }
}
