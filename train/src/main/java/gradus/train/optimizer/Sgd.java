package gradus.train.optimizer;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import java.util.List;

/// Stochastic gradient descent, with momentum if wished:
/// ```
/// g ← g + λ·θ
/// b ← μ·b + g
/// θ ← θ - lr·b                 plain
/// θ ← θ - lr·(g + μ·b)         Nesterov
/// ```
/// Robbins & Monro 1951; Polyak 1964; Sutskever et al. 2013, "On the importance of initialization and
/// momentum", in PyTorch's form without dampening. Decay acts on matrices and tables only. Keeps one number
/// for every parameter, none without momentum.
public final class Sgd extends EachParameter {
    private final double momentum;
    private final boolean nesterov;
    private final double weightDecay;
    private final List<Tensor> velocities; // b of each, or null

    /// Without momentum and decay: `θ ← θ - lr·g`.
    public Sgd(List<Tensor> parameters) {
        this(parameters, 0, false, 0);
    }

    /// @param momentum    μ in [0, 1)
    /// @param nesterov    whether to look ahead
    /// @param weightDecay λ
    /// @throws gradus.error.ConfigException if a number is out of range, or there is nothing to look ahead with
    public Sgd(List<Tensor> parameters, double momentum, boolean nesterov, double weightDecay) {
        this(ParameterGroups.of(parameters), momentum, nesterov, weightDecay);
    }

    /// The same of parameters with factors of their own.
    public Sgd(ParameterGroups parameters, double momentum, boolean nesterov, double weightDecay) {
        super(parameters);
        require(momentum >= 0 && momentum < 1, "Sgd: momentum must be in [0, 1); got %s", momentum);
        require(momentum > 0 || !nesterov, "Sgd: Nesterov's form needs a momentum above 0; got %s", momentum);
        require(weightDecay >= 0, "Sgd: weightDecay must be at least 0; got %s", weightDecay);
        this.momentum = momentum;
        this.nesterov = nesterov;
        this.weightDecay = weightDecay;
        this.velocities = momentum > 0 ? remember("momentum") : null;
    }

    @Override
    protected void update(int i, Tensor parameter, Tensor gradient, double learningRate) {
        Tensor g = gradient.add(parameter.mul(decay(i) * weightDecay));
        Tensor move = g;
        if (velocities != null) {
            Tensor velocity = velocities.get(i);
            velocity.copyFrom(velocity.mul(momentum).add(g));
            move = nesterov ? g.add(velocity.mul(momentum)) : velocity;
        }
        parameter.copyFrom(parameter.sub(move.mul(learningRate)));
    }
}
