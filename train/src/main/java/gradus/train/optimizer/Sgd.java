package gradus.train.optimizer;

import gradus.tensor.Tensor;
import java.util.List;

/// Stochastic gradient descent, with optional momentum:
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
    private final SgdConfig config;
    private final List<Tensor> velocities; // b of each, or null

    public Sgd(List<Tensor> parameters, SgdConfig config) {
        this(ParameterGroups.of(parameters), config);
    }

    public Sgd(ParameterGroups parameters, SgdConfig config) {
        super(parameters);
        this.config = config;
        this.velocities = config.momentum() > 0 ? remember("momentum") : null;
    }

    @Override
    protected void update(int i, Tensor parameter, Tensor gradient, double learningRate) {
        Tensor g = gradient.add(parameter.mul(decay(i) * config.weightDecay()));
        Tensor move = g;
        if (velocities != null) {
            Tensor velocity = velocities.get(i);
            velocity.copyFrom(velocity.mul(config.momentum()).add(g));
            move = config.nesterov() ? g.add(velocity.mul(config.momentum())) : velocity;
        }
        parameter.copyFrom(parameter.sub(move.mul(learningRate)));
    }
}
