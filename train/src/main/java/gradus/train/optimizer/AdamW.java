package gradus.train.optimizer;

import gradus.tensor.Tensor;
import gradus.tensor.kernel.AdamWStep;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.kernel.OptimizerKernels;
import java.util.List;

/// Adam with decoupled weight decay. With g the gradient and t counted from 1:
/// ```
/// m ← β₁·m + (1 - β₁)·g        m̂ = m/(1 - β₁ᵗ)
/// v ← β₂·v + (1 - β₂)·g²       v̂ = v/(1 - β₂ᵗ)
/// θ ← θ·(1 - lr·λ) - lr·m̂/(√v̂ + ε)
/// ```
/// Kingma & Ba 2014, arXiv:1412.6980; Loshchilov & Hutter 2017, arXiv:1711.05101, in PyTorch's order. Decay
/// acts on matrices and tables only (rank 2 and above), not on biases and gains. Keeps two numbers for every
/// parameter.
public final class AdamW extends EachParameter {
    private final List<Tensor> means = remember("m");
    private final List<Tensor> squares = remember("v");
    private final AdamConfig config;

    public AdamW(List<Tensor> parameters, AdamConfig config) {
        this(ParameterGroups.of(parameters), config);
    }

    public AdamW(ParameterGroups parameters, AdamConfig config) {
        super(parameters);
        this.config = config;
    }

    /// Updates all parameters in one call if the device has a kernel for it.
    @Override
    protected void updateAll(List<Update> updates) {
        OptimizerKernels kernels =
                Kernels.of(updates.getFirst().parameter().buffer()).optimizers();
        if (kernels == null) {
            super.updateAll(updates);
            return;
        }
        kernels.adamW(updates.stream()
                .map(each -> AdamStep.update(
                        step(each.number(), each.learningRate()),
                        each.parameter(),
                        each.gradient(),
                        means.get(each.number()),
                        squares.get(each.number())))
                .toList());
    }

    @Override
    protected void update(int i, Tensor parameter, Tensor gradient, double learningRate) {
        AdamStep.run(step(i, learningRate), parameter, gradient, means.get(i), squares.get(i));
    }

    private AdamWStep step(int i, double learningRate) {
        double decay = decay(i) * config.weightDecay();
        return new AdamWStep(learningRate, config.beta1(), config.beta2(), config.eps(), decay, steps());
    }
}
