package gradus.layers.adapter;

import static gradus.error.ConfigException.require;

import gradus.layers.Embedding;
import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.function.UnaryOperator;

/// The adapters of one model, by name. The model's own parameters are frozen from now on; of the adapters,
/// those in use compute and are trained, together and each with a weight:
///
/// ```java
/// Adapters adapters = Adapters.of(gpt);
/// adapters.add("pirates", LoraConfig.of(Targets.allLinear()).withR(4), rng);
/// Trainer.of(gpt, config, data).run();               // changes the adapter only
/// adapters.add("poems", LoraConfig.of(Targets.named("c_attn")), rng);   // from now on the only one in use
/// adapters.use(Map.of("pirates", 0.7, "poems", 0.3));
/// adapters.merge();                                  // as fast as the base alone
/// adapters.unmerge();                                // bit for bit the base again
/// ```
/// Merging keeps a copy of what it changes, since subtracting what was added would not restore every bit.
///
/// Like every change of a model, adding and switching need a thread that has the model to itself. Make the
/// optimiser after the adapters, so that it knows their parameters.
public final class Adapters {
    private final Layer model;
    private final UnaryOperator<String> naming;
    private final Map<String, AdapterConfig> configs = new LinkedHashMap<>();
    private final Replacements replacements = new Replacements();
    private final Map<Tensor, Tensor> unmerged = new IdentityHashMap<>(); // copies, while merged
    private SequencedMap<String, Double> used = new LinkedHashMap<>(); // weights
    private boolean merged;

    private Adapters(Layer model, UnaryOperator<String> naming) {
        this.model = model;
        this.naming = naming;
    }

    /// Prepares a model for adapters, and freezes its parameters.
    ///
    /// @throws gradus.error.ConfigException if a layer of it has an adapter already
    public static Adapters of(Layer model) {
        return of(model, UnaryOperator.identity());
    }

    /// The same where the names in configurations are other names than the model's own.
    ///
    /// @param naming what the configurations call a layer, or null for one that they have no name for
    public static Adapters of(Layer model, UnaryOperator<String> naming) {
        require(model != null && naming != null, "adapters: a model must be given; got null");
        model.namedLayers().forEach((name, layer) -> {
            boolean free = !(layer instanceof Linear linear && linear.adapter() != null)
                    && !(layer instanceof Embedding table && table.adapter() != null);
            require(free, "adapters: %s has an adapter already; one object holds all adapters of a model", name);
        });
        model.freeze();
        return new Adapters(model, naming);
    }

    // --- adding and removing

    /// Adds an adapter with first values, and makes it the only one in use. On failure nothing has changed.
    ///
    /// @param rng random numbers for the first values; those of a layer follow from its name
    /// @throws gradus.error.ConfigException       if no layer is chosen, a rank is above the smaller side of a
    ///     matrix, the name is taken or has a dot, or two parts of the adapter want the same layer
    /// @throws IllegalStateException if adapters are merged
    public void add(String name, AdapterConfig config, Rng rng) {
        requireUnmerged("add an adapter");
        require(
                name != null && !name.isEmpty() && name.indexOf('.') < 0,
                "adapters: a name must be given, without dots; got %s",
                name);
        require(!configs.containsKey(name), "adapters: there is an adapter \"%s\" already", name);
        SequencedMap<String, Double> next = new LinkedHashMap<>(used);
        use(); // a start looks at the base as it is
        try (var pause = Autograd.noGrad()) {
            NewAdapter made = NewAdapter.of(model, config, naming, rng);
            made.parts().forEach((layer, part) -> attach(name, layer, part));
            made.remainders().forEach((parameter, value) -> put(name, parameter, value, false));
            made.codes().forEach((layer, matrix) -> replacements.put(name, layer, (Linear) model.layer(layer), matrix));
            made.modules().forEach((parameter, value) -> put(name, parameter, value, true));
            configs.put(name, config);
            next = new LinkedHashMap<>(Map.of(name, 1.0));
        } finally {
            use(next);
        }
    }

    private void put(String name, String parameter, Tensor value, boolean trained) {
        replacements.put(name, parameter, model.namedParameters().get(parameter), value, trained);
    }

    private void attach(String name, String layer, Part part) {
        switch (model.layer(layer)) {
            case Linear linear -> linear.adapt(slot(linear.adapter()).with(name, part));
            case Embedding table -> table.adapt(slot(table.adapter()).with(name, part));
            default -> throw new AssertionError(layer);
        }
    }

    private static Adapted slot(Object adapter) {
        return adapter == null ? new Adapted() : (Adapted) adapter;
    }

    /// Adds an adapter that is made of others, and makes it the only one in use; see [Combination].
    ///
    /// @param weights of the others, by name
    /// @throws gradus.error.ConfigException if one of them is no LoRA, or they cannot be combined in this way
    public void combine(String name, SequencedMap<String, Double> weights, Combination how) {
        requireUnmerged("combine adapters");
        requireKnown(weights.sequencedKeySet());
        require(!weights.isEmpty(), "adapters: at least one adapter must be given to be combined");
        require(
                name != null && !name.isEmpty() && name.indexOf('.') < 0 && !configs.containsKey(name),
                "adapters: a new name without dots must be given; got %s",
                name);
        SequencedMap<String, Part> parts = new LinkedHashMap<>();
        try (var pause = Autograd.noGrad()) {
            for (String layer : slots().sequencedKeySet()) {
                CombinedLora.of(layer, slots().get(layer), weights, how).ifPresent(part -> parts.put(layer, part));
            }
        }
        for (String each : weights.keySet()) {
            require(
                    replacements.isEmpty(each),
                    "adapters: %s has values of its own for parts of the base, which cannot be combined",
                    each);
        }
        parts.forEach((layer, part) -> attach(name, layer, part));
        configs.put(name, CombinedLora.config(parts));
        use(name);
    }

    /// Removes an adapter; what it had changed is as it was.
    ///
    /// @throws gradus.error.ConfigException       if there is none of that name
    /// @throws IllegalStateException if adapters are merged
    public void remove(String name) {
        requireUnmerged("remove an adapter");
        requireKnown(List.of(name));
        SequencedMap<String, Double> rest = new LinkedHashMap<>(used);
        rest.remove(name);
        use(rest);
        replacements.remove(name);
        configs.remove(name);
        slots().forEach((layer, slot) -> {
            Adapted fewer = slot.without(name);
            Adapted left = fewer.parts().isEmpty() ? null : fewer;
            switch (model.layer(layer)) {
                case Linear linear -> linear.adapt(left);
                case Embedding table -> table.adapt(left);
                default -> throw new AssertionError(layer);
            }
        });
        use(rest);
    }

    // --- choosing

    /// Uses these adapters, each with the weight 1, and no others; none at all gives the base alone.
    public void use(String... names) {
        SequencedMap<String, Double> weights = new LinkedHashMap<>();
        for (String name : names) {
            weights.put(name, 1.0);
        }
        use(weights);
    }

    /// Uses these adapters with these weights, and no others. Their parameters are trained, all others are
    /// frozen.
    ///
    /// @throws gradus.error.ConfigException       if one is not known, a weight is not finite, or they cannot
    ///     be used together
    /// @throws IllegalStateException if adapters are merged
    public void use(Map<String, Double> weights) {
        requireUnmerged("use other adapters");
        requireKnown(weights.keySet());
        weights.forEach((name, weight) ->
                require(Double.isFinite(weight), "adapters: the weight of %s must be finite; got %s", name, weight));
        boolean several = weights.size() > 1;
        require(
                !several || weights.keySet().stream().noneMatch(name -> configs.get(name) instanceof Ia3Config),
                "adapters: IA³ multiplies, so it is used alone and not together with others; got %s",
                weights.keySet());
        replacements.use(weights.keySet());
        used = new LinkedHashMap<>(weights);
        slots().values().forEach(slot -> {
            slot.use(used);
            slot.parts().forEach((name, part) -> {
                if (used.containsKey(name)) {
                    part.unfreeze();
                } else {
                    part.freeze();
                }
            });
        });
    }

    /// The adapters in use, with their weights.
    public SequencedMap<String, Double> used() {
        return Collections.unmodifiableSequencedMap(used);
    }

    // --- merging

    /// Adds what the adapters in use add into the model's own matrices, so that they cost nothing any more. Needs
    /// memory for a copy of every matrix that is changed.
    ///
    /// @throws IllegalStateException if this was done already
    /// @throws gradus.error.ConfigException       if a matrix is quantised: [Quantization#dequantize] comes first
    public void merge() {
        requireUnmerged("merge again"); // BAD-INPUT 42
        slots().forEach((name, slot) -> require(
                !slot.isUsed() || !(model.layer(name) instanceof Linear linear) || linear.quantized() == null,
                "adapters: %s is quantised, and nothing can be added to a quantised matrix; dequantize the model first",
                name));
        try (var pause = Autograd.noGrad()) {
            slots().forEach((name, slot) -> {
                if (!slot.isUsed()) {
                    return;
                }
                try (var scope = Scope.open()) {
                    Layer layer = model.layer(name);
                    Tensor weight = layer instanceof Linear linear ? linear.weight() : ((Embedding) layer).weight();
                    Tensor before = keep(weight);
                    if (layer instanceof Linear linear && linear.bias() != null) {
                        Tensor bias = linear.bias();
                        Tensor changed = slot.mergedBias(bias);
                        if (changed != bias) {
                            keep(bias);
                            bias.copyFrom(changed);
                        }
                    }
                    weight.copyFrom(slot.mergedWeight(weight));
                    slot.merged(before);
                }
            });
        }
        merged = true;
    }

    private Tensor keep(Tensor parameter) {
        Tensor copy = Replacements.copy(parameter);
        unmerged.put(parameter, copy);
        return copy;
    }

    /// Undoes [#merge], bit for bit.
    ///
    /// @throws IllegalStateException if nothing is merged
    public void unmerge() {
        if (!merged) {
            throw new IllegalStateException("adapters: nothing is merged, so nothing can be unmerged");
        }
        slots().values().forEach(slot -> slot.merged(null));
        unmerged.forEach((parameter, before) -> {
            parameter.copyFrom(before);
            before.close();
        });
        unmerged.clear();
        merged = false;
    }

    /// Whether the adapters in use are merged.
    public boolean isMerged() {
        return merged;
    }

    /// Takes every adapter off the model. What is merged stays merged, and can no longer be undone: the model
    /// is one without adapters, whose parameters can all be trained.
    public void detach() {
        boolean stays = merged;
        merged = false;
        if (!stays) {
            use();
        }
        slots().keySet().forEach(layer -> {
            switch (model.layer(layer)) {
                case Linear linear -> linear.adapt(null);
                case Embedding table -> table.adapt(null);
                default -> throw new AssertionError(layer);
            }
        });
        unmerged.values().forEach(Tensor::close);
        unmerged.clear();
        configs.clear();
        used = new LinkedHashMap<>();
        model.unfreeze();
    }

    private void requireUnmerged(String what) {
        if (merged) {
            throw new IllegalStateException(
                    "adapters: cannot %s while adapters are merged; call unmerge() first".formatted(what));
        }
    }

    // --- looking

    /// The model.
    public Layer model() {
        return model;
    }

    /// The names of all adapters.
    public SequencedSet<String> names() {
        return Collections.unmodifiableSequencedSet(new LinkedHashSet<>(configs.keySet()));
    }

    /// The settings of an adapter.
    public AdapterConfig config(String name) {
        requireKnown(List.of(name));
        return configs.get(name);
    }

    /// What an adapter has on each layer, by the layers' names.
    public SequencedMap<String, Part> parts(String name) {
        requireKnown(List.of(name));
        SequencedMap<String, Part> parts = new LinkedHashMap<>();
        slots().forEach((layer, slot) -> {
            if (slot.parts().containsKey(name)) {
                parts.put(layer, slot.parts().get(name));
            }
        });
        return parts;
    }

    /// What an adapter trains as a whole, by the parameters' full names.
    public SequencedMap<String, Tensor> modules(String name) {
        requireKnown(List.of(name));
        return replacements.trained(name);
    }

    /// How many numbers an adapter trains.
    public long parameterCount(String name) {
        List<Tensor> all = new ArrayList<>(modules(name).values());
        parts(name).values().forEach(part -> all.addAll(part.parameters()));
        return all.stream().mapToLong(Tensor::size).sum();
    }

    private SequencedMap<String, Adapted> slots() {
        return model.namedLayers(Adapted.class);
    }

    private void requireKnown(Iterable<String> names) {
        for (String name : names) {
            require(
                    configs.containsKey(name),
                    "adapters: there is no adapter \"%s\"; there are %s",
                    name,
                    configs.keySet());
        }
    }
}
