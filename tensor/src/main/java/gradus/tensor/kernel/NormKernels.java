package gradus.tensor.kernel;

import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;

/// Normalisation of rows; x is (rows, columns).
public interface NormKernels {

    /// `y = x̂·gain + bias`, `x̂ = (x - mean)·rstd`, `rstd = 1/√(variance + eps)`, variance biased. Keeps
    /// mean and rstd.
    void layerNorm(Buffer x, Buffer gain, Buffer bias, double eps, int rows, int columns, Norm norm);

    /// `dx (+)= rstd(g - mean(g) - x̂·mean(g·x̂))` with `g = dy·gain`; `dgain (+)= Σ dy·x̂`; `dbias (+)= Σ
    /// dy`.
    void layerNormBackward(Buffer x, Buffer gain, Norm norm, Buffer dy, int rows, int columns, NormGradients gradients);

    /// `y = x·rstd·gain`, `rstd = 1/√(mean(x²) + eps)`. Keeps rstd.
    void rmsNorm(Buffer x, Buffer gain, double eps, int rows, int columns, Norm norm);

    /// `dx (+)= rstd(g - x̂·mean(g·x̂))` with `g = dy·gain`, `x̂ = x·rstd`; `dgain (+)= Σ dy·x̂`.
    void rmsNormBackward(Buffer x, Buffer gain, Norm norm, Buffer dy, int rows, int columns, NormGradients gradients);

    /// What a norm writes: the result and what its backward needs of each row. RMSNorm has no mean.
    record Norm(Buffer y, Buffer mean, Buffer rstd) {}

    /// Where a norm's gradients go, written in this order, as they may be one; RMSNorm has no bias.
    record NormGradients(Destination dx, Destination dgain, Destination dbias) {}
}
