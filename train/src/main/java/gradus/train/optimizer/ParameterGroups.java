package gradus.train.optimizer;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/// The parameters that an optimiser moves, by name, and for each of them a factor of the learning rate and
/// one of the weight decay. Initially, the factor of the rate is 1. The factor of the decay is 1 for matrices
/// and tables, and 0 for biases and gains: pulling those towards 0 would change what the layer computes
/// instead of only keeping weights small.
///
/// ```java
/// ParameterGroups.of(model.namedParameters())
///         .withRate(name -> name.contains("lora_B"), 16)     // LoRA+
///         .withDecay(name -> name.startsWith("wte"), 0)
/// ```
public final class ParameterGroups {
    private final List<Entry> entries;

    private record Entry(String name, Tensor parameter, double rate, double decay) {}

    private ParameterGroups(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /// @param parameters by name, as [gradus.layers.Layer#namedParameters] gives them
    public static ParameterGroups of(SequencedMap<String, Tensor> parameters) {
        List<Entry> entries = new ArrayList<>();
        parameters.forEach(
                (name, parameter) -> entries.add(new Entry(name, parameter, 1, parameter.rank() >= 2 ? 1 : 0)));
        return new ParameterGroups(entries);
    }

    /// Those of the parameters that are not frozen: an optimiser that knows no others keeps no state for others.
    ///
    /// @param parameters by name, as [gradus.layers.Layer#namedParameters] gives them
    public static ParameterGroups trained(SequencedMap<String, Tensor> parameters) {
        return of(parameters).only((name, parameter) -> parameter.requiresGrad());
    }

    /// Parameters that are named by their numbers, "0", "1", ….
    public static ParameterGroups of(List<Tensor> parameters) {
        SequencedMap<String, Tensor> named = new LinkedHashMap<>();
        parameters.forEach(parameter -> named.put(Integer.toString(named.size()), parameter));
        return of(named);
    }

    /// Multiplies the learning rate of some parameters by a factor.
    ///
    /// @throws gradus.error.ConfigException if the factor is negative or no number
    public ParameterGroups withRate(Predicate<String> names, double factor) {
        require(factor >= 0 && Double.isFinite(factor), "the factor of a rate must be at least 0; got %s", factor);
        return new ParameterGroups(entries.stream()
                .map(each -> names.test(each.name) ? new Entry(each.name, each.parameter, factor, each.decay) : each)
                .toList());
    }

    /// Multiplies the weight decay of some parameters by a factor.
    ///
    /// @throws gradus.error.ConfigException if the factor is negative or no number
    public ParameterGroups withDecay(Predicate<String> names, double factor) {
        require(factor >= 0 && Double.isFinite(factor), "the factor of a decay must be at least 0; got %s", factor);
        return new ParameterGroups(entries.stream()
                .map(each -> names.test(each.name) ? new Entry(each.name, each.parameter, each.rate, factor) : each)
                .toList());
    }

    /// A part of the parameters, with their factors.
    public ParameterGroups only(BiPredicate<String, Tensor> which) {
        return new ParameterGroups(entries.stream()
                .filter(each -> which.test(each.name, each.parameter))
                .toList());
    }

    /// The parameters, in their order.
    public List<Tensor> parameters() {
        return entries.stream().map(Entry::parameter).toList();
    }

    /// The factor of the learning rate of parameter i.
    double rate(int i) {
        return entries.get(i).rate;
    }

    /// The factor of the weight decay of parameter i.
    double decay(int i) {
        return entries.get(i).decay;
    }
}
