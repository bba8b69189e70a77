package gradus.tensor.op;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.Autograd;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.DropoutKernels;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.memory.Destination;
import gradus.tensor.random.Rng;

/// Zeros each element with probability p and divides the others by 1 - p, so that the expectation stays.
/// Srivastava et al. 2014. The mask is a function of the generator's key and is never stored: the backward
/// draws it again.
public final class Dropout {
    private Dropout() {}

    public static Tensor apply(Tensor x, double p, Rng rng) {
        given(x, "dropout", "a tensor");
        require(p >= 0 && p <= 1, "dropout: the probability must be in [0, 1]; got %s", p);
        require(rng != null, "dropout: a generator must be given; got null");
        if (p == 0) {
            return x;
        }
        DropoutKernels kernels = Kernels.of(x.buffer()).dropout();
        if (kernels == null) {
            return plain(x, p, rng);
        }
        Tensor y = x.newEmpty(x.shape());
        kernels.dropout(x.buffer(), rng, p, new Destination(y.buffer(), false));
        return Autograd.record(y, dy -> kernels.dropout(dy, rng, p, x.gradientDestination()), x);
    }

    /// The same in plain tensor operations, which is its definition: element i is kept if the i-th uniform
    /// number of the generator is at least p.
    public static Tensor plain(Tensor x, double p, Rng rng) {
        given(x, "dropout", "a tensor");
        given(rng, "dropout", "a generator");
        double[] factors = new double[x.size()];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = rng.uniform(i) >= p ? 1 / (1 - p) : 0;
        }
        return x.mul(x.newEmpty(x.shape()).set(factors));
    }
}
