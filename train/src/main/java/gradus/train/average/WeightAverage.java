package gradus.train.average;

import static gradus.error.ConfigException.require;

import gradus.layers.Layer;
import gradus.tensor.Autograd;
import gradus.tensor.DType;
import gradus.tensor.Scope;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/// A running average s of the weights θ, which wanders less than they do and often generalises better:
/// `s ← s - (1 - d)(s - θ)`. What else belongs to the model's state, such as the running variance of a BatchNorm, is
/// copied, not averaged. Polyak & Juditsky 1992; the exponential form as in Tarvainen & Valpola 2017, arXiv:1703.01780.
/// Costs a copy of the state, and one more while it is swapped in.
/// ```java
/// average.update();                          // after each step of the optimiser
/// try (var swapped = average.swapIn()) {
///     evaluate(model);                       // by the averaged weights
/// }                                          // and the model has its own again
/// ```
public abstract class WeightAverage {
    private final SequencedMap<String, Tensor> weights;
    private final Set<String> averaged;
    private final SequencedMap<String, Tensor> state = new LinkedHashMap<>();
    private final Tensor updates = Tensor.full(DType.FLOAT64, Shape.of(), 0).keep();
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
        this.weights = model.state();
        this.averaged = model.namedParameters().keySet();
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

    /// d, or what takes its place.
    ///
    /// @param update t, counted from 1
    abstract double decayAt(long update);

    /// What s is to be multiplied by.
    ///
    /// @param updates how many there were
    abstract double correction(long updates);

    final double decay() {
        return decay;
    }

    /// Takes the weights as they are now into the average.
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

    /// How often weights were taken in.
    public final long updates() {
        return (long) updates.item();
    }

    /// Puts the average in the model's place until closed, which puts the model's own weights back, bit for bit.
    public final Swap swapIn() {
        requireOut("swapped in");
        own = new LinkedHashMap<>();
        weights.forEach((name, weight) -> own.put(name, copy(weight)));
        double correction = correction(updates());
        forEach((average, weight, counts) ->
                weight.copyFrom(counts && correction != 1 ? average.mul(correction) : average));
        return this::swapOut;
    }

    /// An average that stands in for a model's weights. Closing gives those back; closing twice does nothing more.
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

    /// What it remembers, by name, to be saved and restored in place.
    public final SequencedMap<String, Tensor> state() {
        return Collections.unmodifiableSequencedMap(state);
    }
}
