package gradus.train.average;

import static gradus.error.ConfigException.require;

import gradus.layers.Layer;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/// A running average s of the weights θ, which fluctuates less than the weights and often generalises better:
/// `s ← s - (1 - d)(s - θ)`. Buffers, such as the running variance of a BatchNorm, are copied and not averaged.
/// A weight that is frozen when the average begins has no part in it and is never touched. Polyak & Juditsky
/// 1992; the exponential form as in Tarvainen & Valpola 2017, arXiv:1703.01780. Costs a copy of what is
/// trained and of the buffers, and one more while it is swapped in: with an adapter, next to nothing.
/// ```java
/// average.update();                          // after each step of the optimiser
/// try (var swapped = average.swapIn()) {
///     evaluate(model);                       // by the averaged weights
/// }                                          // and the model has its own again
/// ```
public abstract class WeightAverage {
    private final SequencedMap<String, Tensor> weights; // and buffers; nothing that is frozen
    private final Set<String> averaged;
    private final SequencedMap<String, Tensor> state = new LinkedHashMap<>();
    private final Tensor updates = Tensor.of(new double[] {0}).keep();
    private final double decay;
    private Map<String, Tensor> own; // the model's weights while the average is swapped in

    /// @param decay    d in [0, 1)
    /// @param fromZero whether s starts at 0 instead of a copy of the weights
    /// @throws gradus.error.ConfigException if d is out of range
    WeightAverage(Layer model, double decay, boolean fromZero) {
        require(
                decay >= 0 && decay < 1,
                "%s: decay must be in [0, 1); got %s",
                getClass().getSimpleName(),
                decay);
        this.weights = new LinkedHashMap<>(model.state());
        this.averaged = new HashSet<>();
        model.namedParameters().forEach((name, weight) -> {
            if (weight.requiresGrad()) {
                averaged.add(name);
            } else {
                weights.remove(name);
            }
        });
        this.decay = decay;
        state.put("updates", updates);
        weights.forEach((name, weight) -> {
            Tensor start = copy(weight);
            state.put(name, start);
            if (fromZero && averaged.contains(name)) {
                start.set(new double[weight.size()]);
            }
        });
    }

    private static Tensor copy(Tensor weight) {
        return weight.to(weight.dtype()).keep();
    }

    /// The decay of one update: d, or a smaller number.
    ///
    /// @param update t, counted from 1
    abstract double decayAt(long update);

    /// The factor by which s is multiplied when it is used.
    ///
    /// @param updates how many there were
    abstract double correction(long updates);

    final double decay() {
        return decay;
    }

    /// Updates the average with the current weights.
    public final void update() {
        requireOut("updated");
        long update = updates() + 1;
        double rest = 1 - decayAt(update);
        updates.set(update);
        forEach((average, weight, counts) -> average.copyFrom(
                counts && rest < 1 ? average.sub(average.sub(weight).mul(rest)) : weight));
    }

    /// What is done to an average and its weight.
    private interface Change {
        void apply(Tensor average, Tensor weight, boolean averaged);
    }

    private void forEach(Change change) {
        weights.forEach((name, weight) -> {
            try (var pause = Autograd.noGrad();
                    var scope = Scope.open()) {
                change.apply(state.get(name), weight, averaged.contains(name));
            }
        });
    }

    /// How many updates there have been.
    public final long updates() {
        return (long) updates.item();
    }

    /// Replaces the model's weights by the average until the returned object is closed; closing restores the
    /// model's own weights, bit for bit.
    public final Swap swapIn() {
        requireOut("swapped in");
        own = new LinkedHashMap<>();
        weights.forEach((name, weight) -> own.put(name, copy(weight)));
        double correction = correction(updates());
        forEach((average, weight, counts) ->
                weight.copyFrom(counts && correction != 1 ? average.mul(correction) : average));
        return this::swapOut;
    }

    /// An average that has replaced a model's weights. Closing restores the weights; closing twice does
    /// nothing more.
    @FunctionalInterface
    public interface Swap extends AutoCloseable {
        @Override
        void close();
    }

    private void swapOut() {
        if (own != null) {
            own.forEach((name, weight) -> weights.get(name).copyFrom(weight));
            own.values().forEach(Tensor::close);
            own = null;
        }
    }

    private void requireOut(String what) {
        if (own != null) {
            throw new IllegalStateException("the average cannot be " + what + " while it stands in for the weights");
        }
    }

    /// The state, by name, to be saved in checkpoints and restored in place.
    public final SequencedMap<String, Tensor> state() {
        return Collections.unmodifiableSequencedMap(state);
    }
}
