package gradus.train.optimizer;

import gradus.tensor.Tensor;
import java.util.List;

/// Divides the gradient by the root of its recent mean square:
/// ```
/// g ← g + λ·θ
/// v ← α·v + (1 - α)·g²
/// θ ← θ - lr·g/(√v + ε)
/// ```
/// Tieleman & Hinton 2012, lecture 6.5 of their course, in PyTorch's form, without momentum or centring.
/// Since v starts at 0 and is not corrected for that, the first step is `1/√(1 - α)` times as long as later
/// ones. Decay acts on matrices and tables only. Keeps one number for every parameter.
public final class RmsProp extends EachParameter {
    private final List<Tensor> squares = remember("v");
    private final RmsPropConfig config;

    public RmsProp(List<Tensor> parameters, RmsPropConfig config) {
        this(ParameterGroups.of(parameters), config);
    }

    public RmsProp(ParameterGroups parameters, RmsPropConfig config) {
        super(parameters);
        this.config = config;
    }

    @Override
    protected void update(int i, Tensor parameter, Tensor gradient, double learningRate) {
        Tensor square = squares.get(i);
        double alpha = config.alpha();
        Tensor g = gradient.add(parameter.mul(decay(i) * config.weightDecay()));
        square.copyFrom(square.mul(alpha).add(g.square().mul(1 - alpha)));
        parameter.copyFrom(parameter.sub(g.div(square.sqrt().add(config.eps())).mul(learningRate)));
    }
}
