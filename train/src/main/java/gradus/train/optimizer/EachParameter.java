package gradus.train.optimizer;

import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// The base of optimisers that treat each parameter by itself: it has the loop over the parameters, the count
/// of steps and the state. A subclass says what it keeps for each parameter ([#remember]) and how a step
/// changes one ([#update]). This is a whole optimiser, gradient descent with momentum:
///
/// ```java
/// final class Momentum extends EachParameter {
///     private final List<Tensor> velocities = remember("momentum");
///
///     Momentum(ParameterGroups parameters) {
///         super(parameters);
///     }
///
///     @Override
///     protected void update(int i, Tensor parameter, Tensor gradient, double learningRate) {
///         Tensor velocity = velocities.get(i);
///         velocity.copyFrom(velocity.mul(0.9).add(gradient));
///         parameter.copyFrom(parameter.sub(velocity.mul(learningRate)));
///     }
/// }
/// ```
/// The tensors from [#remember] are saved in checkpoints and restored on resume.
public abstract class EachParameter implements Optimizer {
    private final ParameterGroups groups;
    private final List<Tensor> parameters;
    private final SequencedMap<String, Tensor> state = new LinkedHashMap<>();
    private final Tensor steps = Tensor.of(new double[] {0}).keep();

    protected EachParameter(List<Tensor> parameters) {
        this(ParameterGroups.of(parameters));
    }

    protected EachParameter(ParameterGroups groups) {
        this.groups = groups;
        this.parameters = groups.parameters();
        state.put("steps", steps);
    }

    /// Zeros in the shape of every parameter, which are part of the state as `name.0`, `name.1`, …
    protected final List<Tensor> remember(String name) {
        List<Tensor> zeros = parameters.stream()
                .map(parameter ->
                        Tensor.full(parameter.dtype(), parameter.shape(), 0).keep())
                .toList();
        for (int i = 0; i < zeros.size(); i++) {
            state.put(name + "." + i, zeros.get(i));
        }
        return zeros;
    }

    @Override
    public final void step(double learningRate) {
        Optimizer.requireRate(learningRate);
        steps.set(steps.item() + 1);
        List<Update> updates = new ArrayList<>();
        for (int i = 0; i < parameters.size(); i++) {
            Tensor gradient = parameters.get(i).grad();
            if (gradient != null) {
                updates.add(new Update(i, parameters.get(i), gradient, learningRate * groups.rate(i)));
            }
        }
        if (!updates.isEmpty()) {
            try (var pause = Autograd.noGrad()) {
                updateAll(updates);
            }
        }
    }

    /// A parameter that has a gradient, and the learning rate for it.
    protected record Update(int number, Tensor parameter, Tensor gradient, double learningRate) {}

    /// Changes all parameters in place: one after the other, unless an optimiser can do them in one go.
    protected void updateAll(List<Update> updates) {
        for (Update each : updates) {
            try (var scope = Scope.open()) {
                update(each.number, each.parameter, each.gradient, each.learningRate);
            }
        }
    }

    /// Changes parameter i in place, without recording a graph.
    protected abstract void update(int i, Tensor parameter, Tensor gradient, double learningRate);

    /// The parameters, by their numbers.
    protected final List<Tensor> parameters() {
        return parameters;
    }

    /// t, counted from 1.
    protected final long steps() {
        return (long) steps.item();
    }

    /// The factor by which λ is multiplied for parameter i, see [ParameterGroups].
    protected final double decay(int i) {
        return groups.decay(i);
    }

    @Override
    public final void zeroGrad() {
        parameters.forEach(Tensor::zeroGrad);
    }

    @Override
    public SequencedMap<String, Tensor> state() {
        return Collections.unmodifiableSequencedMap(state);
    }
}
