package gradus.train.optimizer;

import gradus.tensor.Tensor;
import gradus.tensor.kernel.AdamWStep;
import java.util.List;

/// Adam as it was first published, with weight decay as an L2 penalty: the gradient is `g + λ·θ`, and all of
/// it goes through the means of [AdamW]. So the penalty is divided by √v̂ like the gradient, and weights with
/// large gradients are decayed least; the decoupled decay of AdamW avoids this.
///
/// Kingma & Ba 2014, arXiv:1412.6980, in PyTorch's form. Decay acts on matrices and tables only. Keeps two
/// numbers for every parameter.
public final class Adam extends EachParameter {
    private final List<Tensor> means = remember("m");
    private final List<Tensor> squares = remember("v");
    private final AdamConfig config;

    public Adam(List<Tensor> parameters, AdamConfig config) {
        this(ParameterGroups.of(parameters), config);
    }

    public Adam(ParameterGroups parameters, AdamConfig config) {
        super(parameters);
        this.config = config;
    }

    @Override
    protected void update(int i, Tensor parameter, Tensor gradient, double learningRate) {
        Tensor g = gradient.add(parameter.mul(decay(i) * config.weightDecay()));
        AdamWStep step = new AdamWStep(learningRate, config.beta1(), config.beta2(), config.eps(), 0, steps());
        AdamStep.run(step, parameter, g, means.get(i), squares.get(i));
    }
}
