package gradus.layers.adapter;

import static gradus.error.ConfigException.require;

import gradus.layers.Linear;
import gradus.tensor.Tensor;
import gradus.tensor.quant.QuantizedMatrix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Values that adapters put in place of the base's own while they are in use: what is left of a matrix from
/// which a start has taken a part, and layers that are trained as a whole. The base's values are kept, and
/// come back bit for bit when the adapter is no longer in use. Costs memory for one copy of each such
/// parameter, and one more for each adapter.
final class Replacements {
    private final Map<String, SequencedMap<String, Replacement>> byAdapter = new LinkedHashMap<>();
    private final List<Replacement> inPlace = new ArrayList<>();

    private abstract static sealed class Replacement {
        /// What the values stand in, by identity.
        abstract Object place();

        /// Puts the values there, and keeps those that were there.
        abstract void in();

        /// The other way round.
        abstract void out();

        void close() {}
    }

    private static final class Values extends Replacement {
        final Tensor parameter;
        final Tensor value; // what stands there instead, while the adapter is not in use
        final boolean trained;
        private Tensor original; // while it is in use

        Values(Tensor parameter, Tensor value, boolean trained) {
            this.parameter = parameter;
            this.value = value;
            this.trained = trained;
        }

        @Override
        Object place() {
            return parameter;
        }

        @Override
        void in() {
            original = copy(parameter);
            parameter.copyFrom(value);
            if (trained) {
                parameter.requireGrad();
            }
        }

        @Override
        void out() {
            value.copyFrom(parameter);
            parameter.copyFrom(original);
            parameter.freeze();
            original.close();
            original = null;
        }

        /// The present ones.
        Tensor present() {
            return original == null ? value : parameter;
        }

        @Override
        void close() {
            value.close();
        }
    }

    private static final class Codes extends Replacement {
        private final Linear linear;
        private final QuantizedMatrix matrix;
        private QuantizedMatrix original; // while it is in use

        Codes(Linear linear, QuantizedMatrix matrix) {
            this.linear = linear;
            this.matrix = matrix;
        }

        @Override
        Object place() {
            return linear;
        }

        @Override
        void in() {
            original = linear.quantized();
            linear.quantize(matrix);
        }

        @Override
        void out() {
            linear.quantize(original);
        }
    }

    /// Adds one for an adapter that is not in use.
    ///
    /// @param parameter of the model
    /// @param value     what is to stand there instead
    /// @param trained   whether training changes it
    void put(String adapter, String name, Tensor parameter, Tensor value, boolean trained) {
        put(adapter, name, new Values(parameter, value.detach().keep(), trained));
    }

    /// The same for the matrix of a quantised Linear.
    void put(String adapter, String name, Linear linear, QuantizedMatrix matrix) {
        put(adapter, name, new Codes(linear, matrix));
    }

    private void put(String adapter, String name, Replacement replacement) {
        byAdapter.computeIfAbsent(adapter, key -> new LinkedHashMap<>()).put(name, replacement);
    }

    /// Puts the base's values back, and then those of these adapters in their place.
    ///
    /// @throws gradus.error.ConfigException if two of the adapters replace the same; nothing has changed then
    void use(Collection<String> adapters) {
        Map<Object, String> taken = new IdentityHashMap<>();
        for (String adapter : adapters) {
            of(adapter).forEach((name, each) -> {
                String other = taken.put(each.place(), adapter);
                require(
                        other == null,
                        "adapters %s and %s cannot be used together: both have values of their own for %s",
                        other,
                        adapter,
                        name);
            });
        }
        inPlace.forEach(Replacement::out);
        inPlace.clear();
        for (String adapter : adapters) {
            for (Replacement each : of(adapter).values()) {
                each.in();
                inPlace.add(each);
            }
        }
    }

    static Tensor copy(Tensor parameter) {
        return parameter.detach().to(parameter.dtype()).keep();
    }

    void remove(String adapter) {
        of(adapter).values().forEach(Replacement::close);
        byAdapter.remove(adapter);
    }

    boolean isEmpty(String adapter) {
        return of(adapter).isEmpty();
    }

    private SequencedMap<String, Replacement> of(String adapter) {
        return byAdapter.getOrDefault(adapter, new LinkedHashMap<>());
    }

    /// What an adapter trains as a whole, by the parameters' names: their present values.
    SequencedMap<String, Tensor> trained(String adapter) {
        SequencedMap<String, Tensor> trained = new LinkedHashMap<>();
        of(adapter).forEach((name, each) -> {
            if (each instanceof Values values && values.trained) {
                trained.put(name, values.present());
            }
        });
        return trained;
    }
}
