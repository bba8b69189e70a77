package gradus.train.optimizer;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import java.util.List;

/// Divides the gradient by the root of the sum of all its squares so far, so that rarely used weights keep
/// long steps:
/// ```
/// g ← g + λ·θ
/// s ← s + g²
/// θ ← θ - lr·g/(√s + ε)
/// ```
/// Duchi, Hazan & Singer 2011, "Adaptive subgradient methods", in PyTorch's form without a decay of the rate.
/// The sum only grows, so steps shrink like `1/√t`. Decay acts on matrices and tables only. Keeps one number
/// for every parameter.
public final class Adagrad extends EachParameter {
    private final double eps;
    private final double weightDecay;
    private final List<Tensor> sums = remember("sum");

    /// With PyTorch's ε = 1e-10, without decay.
    public Adagrad(List<Tensor> parameters) {
        this(parameters, 1e-10, 0);
    }

    /// @param eps         ε
    /// @param weightDecay λ
    /// @throws gradus.error.ConfigException if a number is out of range
    public Adagrad(List<Tensor> parameters, double eps, double weightDecay) {
        this(ParameterGroups.of(parameters), eps, weightDecay);
    }

    /// The same of parameters with factors of their own.
    public Adagrad(ParameterGroups parameters, double eps, double weightDecay) {
        super(parameters);
        require(eps > 0, "Adagrad: eps must be above 0; got %s", eps);
        require(weightDecay >= 0, "Adagrad: weightDecay must be at least 0; got %s", weightDecay);
        this.eps = eps;
        this.weightDecay = weightDecay;
    }

    @Override
    protected void update(int i, Tensor parameter, Tensor gradient, double learningRate) {
        Tensor sum = sums.get(i);
        Tensor g = gradient.add(parameter.mul(decay(i) * weightDecay));
        sum.copyFrom(sum.add(g.square()));
        parameter.copyFrom(parameter.sub(g.div(sum.sqrt().add(eps)).mul(learningRate)));
    }
}
