package gradus.train.optimizer;

import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.UnaryFunction;
import gradus.tensor.memory.Destination;
import java.util.List;

/// Evolved sign momentum: every weight moves by the same amount; the gradients decide only its sign.
/// ```
/// θ ← θ·(1 - lr·λ)
/// θ ← θ - lr·sign(β₁·m + (1 - β₁)·g)        sign 0 = 0
/// m ← β₂·m + (1 - β₂)·g
/// ```
/// Chen et al. 2023, arXiv:2302.06675; there β₁ = 0.9 and β₂ = 0.99, the learning rate is 3 to 10 times
/// smaller than for AdamW, and λ is larger by the same factor. Decay acts on matrices and tables only. Keeps
/// one number for every parameter, half of Adam's.
public final class Lion extends EachParameter {
    private final List<Tensor> means = remember("m");
    private final LionConfig config;

    public Lion(List<Tensor> parameters, LionConfig config) {
        this(ParameterGroups.of(parameters), config);
    }

    public Lion(ParameterGroups parameters, LionConfig config) {
        super(parameters);
        this.config = config;
    }

    @Override
    protected void update(int i, Tensor parameter, Tensor gradient, double learningRate) {
        Tensor mean = means.get(i);
        Tensor direction = mean.mul(config.beta1()).add(gradient.mul(1 - config.beta1()));
        parameter.copyFrom(parameter.mul(1 - learningRate * decay(i) * config.weightDecay()));
        parameter.copyFrom(parameter.sub(sign(direction).mul(learningRate)));
        mean.copyFrom(mean.mul(config.beta2()).add(gradient.mul(1 - config.beta2())));
    }

    /// The sign of x, computed as the derivative of |x|, which is 0 at 0.
    private static Tensor sign(Tensor x) {
        Tensor slope = Tensor.uninitialized(x.dtype(), x.shape());
        Tensor one = Tensor.full(x.dtype(), x.shape(), 1);
        Kernels.of(x.buffer())
                .pointwise()
                .unaryBackward(
                        UnaryFunction.ABS,
                        x.buffer(),
                        x.buffer(),
                        one.buffer(),
                        new Destination(slope.buffer(), false));
        return slope;
    }
}
