package gradus.tensor.op;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Autograd;
import gradus.tensor.Saved;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Gate;
import gradus.tensor.kernel.GateKernels;
import gradus.tensor.kernel.Kernels;

/// A gated linear unit, `y = f(a)·b`: how much of b passes is up to a. With f = SiLU the heart of Llama's
/// feed-forward. Dauphin et al. 2016, arXiv:1612.08083; Shazeer 2020, arXiv:2002.05202. [Gate] lists the
/// choices of f.
///
/// `da = dy·b·f′(a)`, `db = dy·f(a)`. Fused: f(a) is neither stored nor read again, so the step saves a
/// third of the largest activation of a transformer block; the backward computes it anew.
public final class Gated {
    private Gated() {}

    /// **Shapes** a (...), b the same → the same
    public static Tensor apply(Gate gate, Tensor a, Tensor b) {
        require(gate != null && a != null, "gated: a gate and two tensors must be given; got %s, %s", gate, a);
        a.requireSame("gated", b);
        require(a.shape().equals(b.shape()), "gated: shapes must be equal; got %s and %s", a.shape(), b.shape());
        GateKernels kernels = Kernels.of(a.buffer()).gates();
        if (kernels == null) {
            return plain(gate, a, b);
        }
        Tensor y = a.newEmpty(a.shape());
        kernels.gated(gate, a.buffer(), b.buffer(), y.buffer());
        Saved savedA = Saved.of(a);
        Saved savedB = Saved.of(b);
        return Autograd.record(
                y,
                dy -> kernels.gatedBackward(
                        gate, savedA.get(), savedB.get(), dy, a.gradientDestination(), b.gradientDestination()),
                a,
                b);
    }

    /// The same in plain tensor operations, which is its definition.
    public static Tensor plain(Gate gate, Tensor a, Tensor b) {
        given(gate, "gated", "a gate");
        given(a, "gated", "a tensor");
        given(b, "gated", "a tensor");
        Tensor opened = switch (gate) {
            case SIGMOID -> a.sigmoid();
            case RELU -> a.relu();
            case GELU -> a.gelu();
            case SILU -> a.silu();
        };
        return opened.mul(b);
    }
}
