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

/// `y = x̂·gain + bias` with `x̂ = (x - μ)·r`, `r = 1/√(σ² + ε)`, mean μ and biased variance σ² of the last
/// axis. Ba, Kiros & Hinton 2016, arXiv:1607.06450.
///
/// With `g = dy·gain`: `dx = r(g - mean(g) - x̂·mean(g·x̂))`, the upstream gradient less its parts along the two
/// directions that the norm takes out; `dgain = Σ dy·x̂`, `dbias = Σ dy`.
public final class LayerNorm {
    private LayerNorm() {}

    public static Tensor apply(Tensor x, Tensor gain, Tensor bias, double eps) {
        requireVector("layerNorm", "gain", x, gain);
        requireVector("layerNorm", "bias", x, bias);
        require(eps >= 0, "layerNorm: eps must be at least 0; got %s", eps);
        NormKernels kernels = Kernels.of(x.buffer()).norms();
        if (kernels == null) {
            return plain(x, gain, bias, eps);
        }
        int columns = x.shape().last();
        int rows = x.size() / columns;
        Tensor y = x.newEmpty(x.shape());
        Buffer mean = x.buffer().like(rows);
        Buffer rstd = x.buffer().like(rows);
        Norm norm = new Norm(y.buffer(), mean, rstd);
        kernels.layerNorm(x.buffer(), gain.buffer(), bias.buffer(), eps, rows, columns, norm);
        Saved savedX = Saved.of(x);
        Saved savedGain = Saved.of(gain);
        return Autograd.record(
                y,
                dy -> {
                    NormGradients gradients = new NormGradients(
                            x.gradientDestination(), gain.gradientDestination(), bias.gradientDestination());
                    kernels.layerNormBackward(savedX.get(), savedGain.get(), norm, dy, rows, columns, gradients);
                },
                x,
                gain,
                bias);
    }

    static void requireVector(String operation, String name, Tensor x, Tensor vector) {
        given(x, operation, "a tensor");
        x.requireSame(operation, vector);
        require(
                vector.rank() == 1 && vector.dim(0) == x.shape().last(),
                "%s: %s must be (%d,) for x of shape %s; got %s",
                operation,
                name,
                x.shape().last(),
                x.shape(),
                vector.shape());
    }

    /// The same in plain tensor operations, which is its definition.
    public static Tensor plain(Tensor x, Tensor gain, Tensor bias, double eps) {
        given(x, "layerNorm", "a tensor");
        Tensor centred = x.sub(x.mean(-1, true));
        Tensor variance = centred.square().mean(-1, true);
        return centred.div(variance.add(eps).sqrt()).mul(gain).add(bias);
    }
}
