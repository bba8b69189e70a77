package gradus.tensor.kernel;

/// The numbers of one AdamW step t ≥ 1: `θ ← θ(1 - lr·λ) - lr·m̂/(√v̂ + ε)` with `m̂ = m/(1 - β₁ᵗ)`, `v̂ = v/(1 -
/// β₂ᵗ)`.
///
/// @param learningRate lr
/// @param beta1        β₁, decay of the mean of gradients
/// @param beta2        β₂, decay of the mean of squared gradients
/// @param eps          ε
/// @param weightDecay  λ
/// @param step         t
public record AdamWStep(double learningRate, double beta1, double beta2, double eps, double weightDecay, long step) {}
