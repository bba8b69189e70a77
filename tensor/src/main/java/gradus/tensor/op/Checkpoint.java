package gradus.tensor.op;

import static gradus.error.ShapeException.require;

import gradus.tensor.Autograd;
import gradus.tensor.Saved;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.Kernels;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Applies a function and keeps only its inputs and its result: what lies between is computed a second time
/// when the backward comes for it. Chen et al. 2016, "Training deep nets with sublinear memory cost",
/// arXiv:1604.06174. Of L such pieces in a row only one at a time holds its activations, for one forward
/// more, a third of the step's work.
///
/// The second run has to be the first again: random masks come from an [gradus.tensor.random.Rng] with the same key,
/// and nothing that the function reads may change in between. The result and the gradients are then those of
/// the function itself, bit for bit; only where an input is used elsewhere too, its gradient adds up in
/// another order.
public final class Checkpoint {
    private static final String OUTSIDE = "checkpoint: the function reads a computed tensor that is none of its inputs;"
            + " pass everything it computes with as an input";

    private Checkpoint() {}

    /// @param f          takes the inputs; besides them it may read parameters, but nothing that was computed
    /// @param parameters what else it reads that may require a gradient
    public static Tensor apply(Function<Tensor[], Tensor> f, List<Tensor> parameters, Tensor... inputs) {
        require(f != null, "checkpoint: a function must be given; got null");
        Tensor[] everything = concat(inputs, parameters);
        if (!Autograd.records(everything)) {
            return f.apply(inputs);
        }
        List<Saved> saved = Arrays.stream(everything).map(Saved::of).toList();
        Tensor y;
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            y = scope.handUp(f.apply(inputs)).detach();
        }
        return Autograd.record(
                y,
                dy -> {
                    saved.forEach(Saved::get);
                    backward(f, inputs, Tensor.over(dy, y.shape()));
                },
                everything);
    }

    private static Tensor[] concat(Tensor[] inputs, List<Tensor> parameters) {
        List<Tensor> all = new ArrayList<>(Arrays.asList(inputs));
        all.addAll(parameters);
        require(!all.contains(null), "checkpoint: inputs and parameters must be given; got null");
        return all.toArray(Tensor[]::new);
    }

    /// Runs the function again, this time recording, on gates in place of computed inputs. A gate ends the inner
    /// backward and takes the input's gradient out of the inner scope; leaves get theirs as always.
    private static void backward(Function<Tensor[], Tensor> f, Tensor[] inputs, Tensor dy) {
        Map<Tensor, Exit> exits = new IdentityHashMap<>();
        for (Tensor input : inputs) {
            if (Autograd.isComputed(input)) {
                exits.computeIfAbsent(input, Exit::new);
            }
        }
        long start = Autograd.recorded();
        try (var scope = Scope.open()) {
            Tensor y = f.apply(Arrays.stream(inputs)
                    .map(input -> exits.containsKey(input) ? exits.get(input).gate() : input)
                    .toArray(Tensor[]::new));
            if (y.requiresGrad()) {
                Autograd.requireSince(start, y, OUTSIDE);
                y.backward(dy);
            }
        }
        exits.values().forEach(Exit::close);
    }

    /// Where the gradient of a computed input leaves. Its memory is taken before the inner scope opens,
    /// so that it outlives that.
    private static final class Exit {
        private final Tensor input;
        private final Destination destination;
        private Tensor gate;
        private boolean used;

        Exit(Tensor input) {
            this.input = input;
            this.destination = input.gradientDestination();
        }

        Tensor gate() {
            if (gate == null) {
                gate = Autograd.gate(input, this::take);
            }
            return gate;
        }

        private void take(Buffer gradient) {
            used = true;
            Kernels.of(gradient).pointwise().affine(gradient, 1, 0, destination);
        }

        /// An input that the function did not use has a gradient of 0.
        void close() {
            if (!used && !destination.accumulate()) {
                Kernels.of(destination.buffer()).pointwise().fill(destination.buffer(), 0);
            }
        }
    }
}
