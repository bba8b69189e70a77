package gradus.train.optimizer;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import java.util.List;

/// Divides the gradient by the root of its recent mean square:
/// ```
/// g ← g + λ·θ
/// v ← α·v + (1 - α)·g²
/// θ ← θ - lr·g/(√v + ε)
/// ```
/// Tieleman & Hinton 2012, lecture 6.5 of their course, in PyTorch's form without momentum or centring. As v
/// starts at 0 and is not corrected, the first steps are `1/√(1 - α)` times as long as later ones. Decay acts
/// on matrices and tables only. Keeps one number for every parameter.
public final class RmsProp extends EachParameter {
    private final double alpha;
    private final double eps;
    private final double weightDecay;
    private final List<Tensor> squares = remember("v");

    /// With PyTorch's α = 0.99 and ε = 1e-8, without decay.
    public RmsProp(List<Tensor> parameters) {
        this(parameters, 0.99, 1e-8, 0);
    }

    /// @param alpha       α in [0, 1)
    /// @param eps         ε
    /// @param weightDecay λ
    /// @throws gradus.error.ConfigException if a number is out of range
    public RmsProp(List<Tensor> parameters, double alpha, double eps, double weightDecay) {
        this(ParameterGroups.of(parameters), alpha, eps, weightDecay);
    }

    /// The same of parameters with factors of their own.
    public RmsProp(ParameterGroups parameters, double alpha, double eps, double weightDecay) {
        super(parameters);
        require(alpha >= 0 && alpha < 1, "RmsProp: alpha must be in [0, 1); got %s", alpha);
        require(eps > 0, "RmsProp: eps must be above 0; got %s", eps);
        require(weightDecay >= 0, "RmsProp: weightDecay must be at least 0; got %s", weightDecay);
        this.alpha = alpha;
        this.eps = eps;
        this.weightDecay = weightDecay;
    }

    @Override
    protected void update(int i, Tensor parameter, Tensor gradient, double learningRate) {
        Tensor square = squares.get(i);
        Tensor g = gradient.add(parameter.mul(decay(i) * weightDecay));
        square.copyFrom(square.mul(alpha).add(g.square().mul(1 - alpha)));
        parameter.copyFrom(parameter.sub(g.div(square.sqrt().add(eps)).mul(learningRate)));
    }
}
