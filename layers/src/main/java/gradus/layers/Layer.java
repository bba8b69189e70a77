package gradus.layers;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.UnaryOperator;

/// A model or a part of one: parameters, buffers and smaller layers, each registered under a name, which
/// together form a tree. To write a layer of your own, extend this class, register what it owns in the
/// constructor, and compute in a method `forward`:
/// ```java
/// public final class Scale extends Layer implements Transform {
///     private final Tensor factor; // (C)
///
///     public Scale(int dim) {
///         this.factor = param("factor", Tensor.ones(dim));
///     }
///
///     public Tensor forward(Tensor x) {
///         return hooked(x.mul(factor)); // (..., C)
///     }
/// }
/// ```
/// A full name is the path down the tree, joined by dots: `h.0.attn.c_attn.weight`. [#parameters] come in the
/// order of registration. Training or evaluation mode belongs to a tree; there is no global switch.
///
/// **Threads**: any number of threads may use one tree in evaluation mode, each with inputs and caches of its
/// own, and every result is the same, bit for bit, as it would be alone. Training, and every change of the
/// tree ([#train], [#eval], [#to], loading weights), needs a thread that has the tree to itself.
public abstract class Layer {
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private final Map<String, WeightKind> kinds = new HashMap<>();
    private final Map<String, Tensor> buffers = new LinkedHashMap<>();
    private final Map<String, Layer> children = new LinkedHashMap<>();
    private boolean training = true;
    private Rng random;
    private final Hooks hooks = new Hooks();

    // --- registering, in constructors

    /// Registers a parameter, a tensor that training changes, and returns it. It is not freed when a scope
    /// closes.
    protected final Tensor param(String name, Tensor value) {
        requireFree(name);
        requireGiven(name, value);
        parameters.put(name, value.keep().requireGrad());
        return value;
    }

    /// Registers a parameter that a model initialises by the parameter's kind; until then it holds the given
    /// values.
    protected final Tensor param(String name, WeightKind kind, Tensor value) {
        param(name, value);
        kind(name, kind);
        return value;
    }

    /// Takes a parameter's value away, or gives it one again; its name and its place among the others stay.
    ///
    /// @param value null takes it away
    final void replaceParam(String name, Tensor value) {
        require(parameters.containsKey(name), "layer: there is no parameter \"%s\"", name);
        parameters.put(name, value == null ? null : value.keep().requireGrad());
    }

    /// Sets the kind of a registered parameter of this layer.
    protected final void kind(String name, WeightKind kind) {
        require(parameters.containsKey(name), "layer: there is no parameter \"%s\"", name);
        requireGiven(name, kind);
        kinds.put(name, kind);
    }

    /// Registers a buffer, a tensor that is saved with the weights but has no gradient, and returns it. It is
    /// not freed when a scope closes.
    protected final Tensor buffer(String name, Tensor value) {
        requireFree(name);
        requireGiven(name, value);
        buffers.put(name, value.keep());
        return value;
    }

    /// Registers a smaller layer as a part of this one, and returns it. The name may contain dots.
    protected final <L extends Layer> L child(String name, L layer) {
        requireFree(name);
        requireGiven(name, layer);
        children.put(name, layer);
        return layer;
    }

    /// Registers the only part of a layer that wraps another, and returns it. The wrapped layer keeps the names
    /// and the random numbers that it would have here without the wrapper, so wrapping changes neither weights
    /// files nor training.
    protected final <L extends Layer> L wrapped(L layer) {
        require(children.isEmpty(), "layer: a layer that wraps another must have no other parts");
        children.put("", layer);
        return layer;
    }

    /// Registers an adapter in place of an earlier one; either may be null. It takes no name of its own: its
    /// parameters follow right after this layer's.
    final Adapter adapt(Adapter before, Adapter adapter) {
        if (before != null) {
            children.remove("");
        }
        if (adapter != null) {
            children.put("", adapter);
            ((Layer) adapter).setTraining(training);
        }
        return adapter;
    }

    private static void requireGiven(String name, Object part) {
        require(part != null, "layer: \"%s\" must be given; got null", name);
    }

    private void requireFree(String name) {
        require(name != null && !name.isEmpty(), "layer: a name must be given; got %s", name);
        require(
                !parameters.containsKey(name) && !buffers.containsKey(name) && !children.containsKey(name),
                "layer: the name \"%s\" is already used for another part",
                name);
    }

    // --- looking

    /// All parameters of the tree in the order of registration. One that is shared is listed once.
    public final List<Tensor> parameters() {
        return List.copyOf(namedParameters().values());
    }

    /// All parameters of the tree by their full names. One that is shared has the name of its first place.
    public final SequencedMap<String, Tensor> namedParameters() {
        LinkedHashMap<String, Tensor> all = new LinkedHashMap<>();
        collect("", all, Collections.newSetFromMap(new IdentityHashMap<>()), true, false);
        return all;
    }

    /// Parameters and buffers of the whole tree by their full names: what a weights file holds.
    public final SequencedMap<String, Tensor> state() {
        LinkedHashMap<String, Tensor> all = new LinkedHashMap<>();
        collect("", all, Collections.newSetFromMap(new IdentityHashMap<>()), true, true);
        return all;
    }

    private void collect(
            String prefix, Map<String, Tensor> all, Set<Tensor> seen, boolean withParameters, boolean withBuffers) {
        if (withParameters) {
            put(prefix, parameters, all, seen);
        }
        if (withBuffers) {
            put(prefix, buffers, all, seen);
        }
        children.forEach((name, child) ->
                child.collect(prefix + (name.isEmpty() ? "" : name + "."), all, seen, withParameters, withBuffers));
    }

    private static void put(String prefix, Map<String, Tensor> own, Map<String, Tensor> all, Set<Tensor> seen) {
        own.forEach((name, tensor) -> {
            if (tensor != null && seen.add(tensor)) { // null was taken away
                all.put(prefix + name, tensor);
            }
        });
    }

    /// The kinds of the parameters of the tree, by their full names. Parameters without a kind are left out.
    public final SequencedMap<String, WeightKind> weightKinds() {
        Map<Tensor, WeightKind> known = new IdentityHashMap<>();
        namedLayers()
                .values()
                .forEach(layer ->
                        layer.kinds.forEach((name, kind) -> known.putIfAbsent(layer.parameters.get(name), kind)));
        LinkedHashMap<String, WeightKind> all = new LinkedHashMap<>();
        namedParameters().forEach((name, parameter) -> {
            if (known.containsKey(parameter)) {
                all.put(name, known.get(parameter));
            }
        });
        return all;
    }

    /// All layers of the tree by their full names, each before its parts. The name of this layer is "".
    public final SequencedMap<String, Layer> namedLayers() {
        return namedLayers(Layer.class);
    }

    /// All layers of one class, as in `gpt.namedLayers(Linear.class)`. A shared one has the name of its first
    /// place.
    public final <L extends Layer> SequencedMap<String, L> namedLayers(Class<L> kind) {
        LinkedHashMap<String, L> all = new LinkedHashMap<>();
        collectLayers("", kind, all, Collections.newSetFromMap(new IdentityHashMap<>()));
        return all;
    }

    private <L extends Layer> void collectLayers(String name, Class<L> kind, Map<String, L> all, Set<Layer> seen) {
        if (!seen.add(this)) {
            return;
        }
        if (kind.isInstance(this)) {
            all.putIfAbsent(name, kind.cast(this));
        }
        children.forEach((own, child) -> child.collectLayers(joined(name, own), kind, all, seen));
    }

    private static String joined(String name, String own) {
        return name.isEmpty() || own.isEmpty() ? name + own : name + "." + own;
    }

    /// The layer with this full name.
    ///
    /// @throws gradus.error.ConfigException if there is none
    public final Layer layer(String name) {
        Layer found = namedLayers().get(name);
        require(found != null, "layer: there is no layer \"%s\"; namedLayers() lists the names", name);
        return found;
    }

    // --- looking at what flows through

    /// From now on, calls a function with every result of this layer's [forward][Transform#forward], and uses
    /// what the function returns instead of it. A hook that only looks returns its argument. Several hooks are
    /// called in the order in which they were added. A layer without hooks loses no time.
    ///
    /// ```java
    /// try (var hook = gpt.layer("h.0.attn").hook(y -> { seen.add(y.detach()); return y; })) {
    ///     gpt.forward(ids);
    /// }
    /// ```
    /// Where a backward pass recomputes a block (see [Checkpointed]), the hooks in it are called once more.
    /// Add and remove hooks only while no other thread uses the layer.
    public final Hook hook(UnaryOperator<Tensor> function) {
        return hooks.add(function);
    }

    /// Whether any hook is there.
    public final boolean isHooked() {
        return !hooks.isEmpty();
    }

    /// Removes a hook when it is closed.
    @FunctionalInterface
    public interface Hook extends AutoCloseable {
        @Override
        void close();
    }

    /// Passes a result through the hooks of this layer. Write `return hooked(y);` at the end of the forward of
    /// a layer of your own.
    protected final Tensor hooked(Tensor y) {
        return hooks.apply(y);
    }

    // --- counting

    /// How many numbers the parameters hold. A shared parameter counts once.
    public final long parameterCount() {
        return parameters().stream().mapToLong(Tensor::size).sum();
    }

    /// The layer's name, how many parameters it has, and below that the tree of its parameters with their
    /// shapes and counts. Equal layers that follow each other are printed once. `System.out.println(gpt)`
    /// shows what a model is made of.
    @Override
    public String toString() {
        return LayerTree.print(this);
    }

    /// Whether this layer is in training mode. A new layer is.
    public final boolean training() {
        return training;
    }

    /// The sum of what the layers of this tree add to the training loss after their last forward pass, for
    /// example the loss that balances experts; null if none adds anything. Add it to the loss before
    /// `backward`.
    ///
    /// **Shapes** → ()
    public final Tensor auxiliaryLoss() {
        return auxiliaryLoss(Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private Tensor auxiliaryLoss(Set<Layer> seen) {
        if (!seen.add(this)) {
            return null;
        }
        Tensor sum = ownLoss();
        for (Layer child : children.values()) {
            Tensor loss = child.auxiliaryLoss(seen);
            sum = sum == null || loss == null ? (sum == null ? loss : sum) : sum.add(loss);
        }
        return sum;
    }

    /// What this layer by itself adds to the training loss for its last forward pass, or null.
    protected Tensor ownLoss() {
        return null;
    }

    // --- changing the whole tree

    /// Puts the tree into training mode, in which dropout is active.
    ///
    /// @return this layer, by its own type: `Gpt gpt = new Gpt(config, rng).train();`
    public <L extends Layer> L train() {
        return setTraining(true).self();
    }

    /// Puts the tree into evaluation mode: the result depends on the input and the parameters only.
    ///
    /// @return this layer, by its own type: `Gpt gpt = new Gpt(config, rng).eval();`
    public <L extends Layer> L eval() {
        return setTraining(false).self();
    }

    private Layer setTraining(boolean on) {
        training = on;
        children.values().forEach(child -> child.setTraining(on));
        return this;
    }

    /// The caller's variable decides the type L; a wrong type fails at once with a ClassCastException.
    @SuppressWarnings("unchecked")
    private <L extends Layer> L self() {
        return (L) this;
    }

    /// For each layer of the tree, whether it is in training mode, in the order of registration.
    final List<Boolean> modes() {
        List<Boolean> modes = new ArrayList<>();
        modes.add(training);
        children.values().forEach(child -> modes.addAll(child.modes()));
        return modes;
    }

    /// Freezes every parameter: it gets no gradient, and optimisers leave it alone. Layers added later are not
    /// frozen.
    ///
    /// @return this layer, by its own type
    public final <L extends Layer> L freeze() {
        parameters().forEach(Tensor::freeze);
        return self();
    }

    /// Lets training change every parameter again.
    ///
    /// @return this layer, by its own type
    public final <L extends Layer> L unfreeze() {
        parameters().forEach(Tensor::requireGrad);
        return self();
    }

    /// Converts every parameter and buffer to a number type in place, and drops their gradients.
    ///
    /// @return this layer, by its own type: `Linear linear = new Linear(3, 4, rng).to(DType.FLOAT64);`
    public <L extends Layer> L to(DType dtype) {
        state().values().forEach(tensor -> tensor.convert(dtype));
        return self();
    }

    /// Gives every layer of the tree its random numbers for one training step. What a layer draws depends only
    /// on the generator's key and the layer's full name, not on the device, the threads or other layers.
    ///
    /// @return this layer, by its own type
    public final <L extends Layer> L random(Rng rng) {
        random = rng;
        children.forEach((name, child) -> child.random(name.isEmpty() ? rng : rng.at(name)));
        return self();
    }

    /// The random numbers that [#random(Rng)] gave this layer, or null.
    protected final Rng random() {
        return random;
    }
}
