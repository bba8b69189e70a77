package gradus.layers.adapter;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// Values that adapters put in place of the base's own while they are in use: what is left of a matrix from
/// which a start has taken a part, and layers that are trained as a whole. The base's values are kept, and
/// come back bit for bit when the adapter is no longer in use. Costs memory for one copy of each such
/// parameter, and one more for each adapter.
final class Replacements {
    private final Map<String, SequencedMap<String, Replacement>> byAdapter = new LinkedHashMap<>();
    private final Map<Tensor, Tensor> originals = new IdentityHashMap<>(); // of what is replaced now
    private final Map<Tensor, Replacement> inPlace = new IdentityHashMap<>();

    /// @param parameter of the model
    /// @param value     what stands there instead, while the adapter is not in use
    /// @param trained   whether training changes it
    record Replacement(Tensor parameter, Tensor value, boolean trained) {}

    /// Adds one for an adapter that is not in use.
    void put(String adapter, String name, Tensor parameter, Tensor value, boolean trained) {
        byAdapter
                .computeIfAbsent(adapter, key -> new LinkedHashMap<>())
                .put(name, new Replacement(parameter, value.detach().keep(), trained));
    }

    /// Puts the base's values back, and then those of these adapters in their place.
    ///
    /// @throws gradus.error.ConfigException if two of the adapters replace the same; nothing has changed then
    void use(Collection<String> adapters) {
        Map<Tensor, String> taken = new IdentityHashMap<>();
        for (String adapter : adapters) {
            of(adapter).forEach((name, each) -> {
                String other = taken.put(each.parameter, adapter);
                require(
                        other == null,
                        "adapters %s and %s cannot be used together: both have values of their own for %s",
                        other,
                        adapter,
                        name);
            });
        }
        inPlace.forEach((parameter, each) -> {
            each.value.copyFrom(parameter);
            parameter.copyFrom(originals.get(parameter));
            parameter.freeze();
        });
        inPlace.clear();
        originals.values().forEach(Tensor::close);
        originals.clear();
        for (String adapter : adapters) {
            of(adapter).values().forEach(each -> {
                originals.put(each.parameter, copy(each.parameter));
                inPlace.put(each.parameter, each);
                each.parameter.copyFrom(each.value);
                if (each.trained) {
                    each.parameter.requireGrad();
                }
            });
        }
    }

    static Tensor copy(Tensor parameter) {
        return parameter.detach().to(parameter.dtype()).keep();
    }

    void remove(String adapter) {
        of(adapter).values().forEach(each -> each.value.close());
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
            if (each.trained) {
                trained.put(name, inPlace.get(each.parameter) == each ? each.parameter : each.value);
            }
        });
        return trained;
    }
}
