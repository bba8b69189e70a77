package gradus.train.optimizer;

import gradus.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Momentum made orthogonal, for the matrices inside the blocks; the other parameters (tables, the head,
/// biases, gains) are trained by [AdamW]. With g the gradient of a matrix:
/// ```
/// m ← μ·m + (1 - μ)·g
/// u = μ·m + (1 - μ)·g                       Nesterov
/// θ ← θ·(1 - lr·λ) - lr·scale·orthogonal(u)
/// ```
/// where orthogonal(u) has u's singular vectors and singular values near 1: so every direction gets a step of
/// the same size, not only the few that dominate the gradient. Jordan et al. 2024,
/// kellerjordan.github.io/posts/muon. Keeps one number for every element of a matrix, and costs 5·(4·r²·c +
/// 2·r³) operations for r rows and c ≥ r columns.
public final class Muon implements Optimizer {
    private final Matrices matrices;
    private final AdamW others;

    /// @param parameters parameters by name; a matrix whose name contains a number, as in
    ///                   `h.0.mlp.c_fc.weight`, counts as inside a block
    public Muon(SequencedMap<String, Tensor> parameters, MuonConfig config) {
        this(ParameterGroups.of(parameters), config);
    }

    public Muon(ParameterGroups parameters, MuonConfig config) {
        this.matrices = new Matrices(parameters.only(Muon::isHidden), config);
        this.others = new AdamW(parameters.only((name, tensor) -> !isHidden(name, tensor)), config.others());
    }

    private static boolean isHidden(String name, Tensor parameter) {
        return parameter.rank() == 2 && name.matches("(.*\\.)?\\d+\\..*");
    }

    @Override
    public void step(double learningRate) {
        Optimizer.requireRate(learningRate);
        matrices.step(learningRate);
        others.step(learningRate);
    }

    @Override
    public void zeroGrad() {
        matrices.zeroGrad();
        others.zeroGrad();
    }

    @Override
    public SequencedMap<String, Tensor> state() {
        SequencedMap<String, Tensor> both = new LinkedHashMap<>();
        matrices.state().forEach((name, tensor) -> both.put("muon." + name, tensor));
        others.state().forEach((name, tensor) -> both.put("adamw." + name, tensor));
        return both;
    }

    private static final class Matrices extends EachParameter {
        private final List<Tensor> means = remember("m");
        private final MuonConfig config;

        Matrices(ParameterGroups parameters, MuonConfig config) {
            super(parameters);
            this.config = config;
        }

        @Override
        protected void update(int i, Tensor parameter, Tensor gradient, double learningRate) {
            double momentum = config.momentum();
            Tensor mean = means.get(i);
            Tensor part = gradient.mul(1 - momentum);
            mean.copyFrom(mean.mul(momentum).add(part));
            Tensor direction = NewtonSchulz.orthogonal(mean.mul(momentum).add(part));
            double rate = learningRate * config.scale().of(parameter.dim(0), parameter.dim(1));
            parameter.copyFrom(parameter
                    .mul(1 - learningRate * decay(i) * config.others().weightDecay())
                    .sub(direction.mul(rate)));
        }
    }
}
