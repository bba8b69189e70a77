package gradus.train.optimizer;

import gradus.tensor.Tensor;
import java.util.List;

/// Divides the gradient by the root of the sum of all its squares so far, so that weights that rarely have a
/// gradient keep a large step:
/// ```
/// g ← g + λ·θ
/// s ← s + g²
/// θ ← θ - lr·g/(√s + ε)
/// ```
/// Duchi, Hazan & Singer 2011, "Adaptive subgradient methods", in PyTorch's form, without a decay of the
/// learning rate. The sum only grows, so steps shrink like `1/√t`. Decay acts on matrices and tables only.
/// Keeps one number for every parameter.
public final class Adagrad extends EachParameter {
    private final List<Tensor> sums = remember("sum");
    private final AdagradConfig config;

    public Adagrad(List<Tensor> parameters, AdagradConfig config) {
        this(ParameterGroups.of(parameters), config);
    }

    public Adagrad(ParameterGroups parameters, AdagradConfig config) {
        super(parameters);
        this.config = config;
    }

    @Override
    protected void update(int i, Tensor parameter, Tensor gradient, double learningRate) {
        Tensor sum = sums.get(i);
        Tensor g = gradient.add(parameter.mul(decay(i) * config.weightDecay()));
        sum.copyFrom(sum.add(g.square()));
        parameter.copyFrom(parameter.sub(g.div(sum.sqrt().add(config.eps())).mul(learningRate)));
    }
}
