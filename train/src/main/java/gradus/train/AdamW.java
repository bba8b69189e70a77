package gradus.train;

import gradus.tensor.Tensor;
import gradus.tensor.kernel.AdamWStep;
import gradus.tensor.kernel.Kernels;
import java.util.List;

/// Adam with decoupled weight decay. With g the gradient and t counted from 1:
/// ```
/// m ← β₁·m + (1 - β₁)·g        m̂ = m/(1 - β₁ᵗ)
/// v ← β₂·v + (1 - β₂)·g²       v̂ = v/(1 - β₂ᵗ)
/// θ ← θ·(1 - lr·λ) - lr·m̂/(√v̂ + ε)
/// ```
/// Kingma & Ba 2014, arXiv:1412.6980; Loshchilov & Hutter 2017, arXiv:1711.05101, in PyTorch's order. Decay acts on
/// matrices and tables only (rank 2 and above), not on biases and gains. Keeps two numbers for every parameter.
public final class AdamW implements Optimizer {
    private final List<Tensor> parameters;
    private final List<Tensor> means; // m of each
    private final List<Tensor> squares; // v of each
    private final TrainConfig config;
    private long steps;

    /// @param config gives β₁, β₂, ε and λ
    public AdamW(List<Tensor> parameters, TrainConfig config) {
        this.parameters = List.copyOf(parameters);
        this.config = config;
        this.means = this.parameters.stream().map(AdamW::zerosLike).toList();
        this.squares = this.parameters.stream().map(AdamW::zerosLike).toList();
    }

    private static Tensor zerosLike(Tensor parameter) {
        return Tensor.full(parameter.dtype(), parameter.shape(), 0).keep();
    }

    @Override
    public void step(double learningRate) {
        steps++;
        AdamWStep decayed = with(learningRate, config.weightDecay());
        AdamWStep plain = with(learningRate, 0);
        for (int i = 0; i < parameters.size(); i++) {
            Tensor parameter = parameters.get(i);
            Tensor gradient = parameter.grad();
            if (gradient != null) {
                Kernels.of(parameter.dtype())
                        .adamW(
                                parameter.rank() >= 2 ? decayed : plain,
                                parameter.buffer(),
                                gradient.buffer(),
                                means.get(i).buffer(),
                                squares.get(i).buffer());
                parameter.buffer().changed();
            }
        }
    }

    private AdamWStep with(double learningRate, double weightDecay) {
        return new AdamWStep(learningRate, config.beta1(), config.beta2(), config.eps(), weightDecay, steps);
    }

    @Override
    public void zeroGrad() {
        parameters.forEach(Tensor::zeroGrad);
    }
}
