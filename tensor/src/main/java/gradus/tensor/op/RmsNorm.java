package gradus.tensor.op;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Autograd;
import gradus.tensor.Saved;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.NormKernels;
import gradus.tensor.kernel.NormKernels.Norm;
import gradus.tensor.kernel.NormKernels.NormGradients;
import gradus.tensor.memory.Buffer;

/// `y = x̂·gain` with `x̂ = x·r`, `r = 1/√(mean(x²) + ε)` over the last axis.
/// Zhang & Sennrich 2019, arXiv:1910.07467.
///
/// With `g = dy·gain`: `dx = r(g - x̂·mean(g·x̂))`; `dgain = Σ dy·x̂`.
public final class RmsNorm {
    private RmsNorm() {}

    public static Tensor apply(Tensor x, Tensor gain, double eps) {
        LayerNorm.requireVector("rmsNorm", "gain", x, gain);
        require(eps >= 0, "rmsNorm: eps must be at least 0; got %s", eps);
        NormKernels kernels = Kernels.of(x.buffer()).norms();
        if (kernels == null) {
            return plain(x, gain, eps);
        }
        int columns = x.shape().last();
        int rows = x.size() / columns;
        Tensor y = x.newEmpty(x.shape());
        Buffer rstd = x.buffer().like(rows);
        Norm norm = new Norm(y.buffer(), null, rstd);
        kernels.rmsNorm(x.buffer(), gain.buffer(), eps, rows, columns, norm);
        Saved savedX = Saved.of(x);
        Saved savedGain = Saved.of(gain);
        return Autograd.record(
                y,
                dy -> {
                    NormGradients gradients =
                            new NormGradients(x.gradientDestination(), gain.gradientDestination(), null);
                    kernels.rmsNormBackward(savedX.get(), savedGain.get(), norm, dy, rows, columns, gradients);
                },
                x,
                gain);
    }

    /// The same in plain tensor operations, which is its definition.
    public static Tensor plain(Tensor x, Tensor gain, double eps) {
        given(x, "rmsNorm", "a tensor");
        return x.div(x.square().mean(-1, true).add(eps).sqrt()).mul(gain);
    }
}
