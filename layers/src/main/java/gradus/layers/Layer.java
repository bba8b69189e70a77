package gradus.layers;

import static gradus.error.ConfigException.require;

import gradus.tensor.DType;
import gradus.tensor.Rng;
import gradus.tensor.Tensor;
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

/// A part of a model: parameters, buffers and smaller layers, each under a name. A layer registers what it
/// owns in its constructor and keeps the result in a field:
/// ```java
/// public Linear(…) {
///     this.weight = param("weight", …);
/// }
/// ```
/// Names join with dots down the tree (`h.0.attn.c_attn.weight`), and the order of registration is the order of
/// [#parameters]. Whether a tree trains or is evaluated is its own property, not the program's.
///
/// **Threads**: a tree in evaluation may be used by any number of threads at once, each with its own inputs
///   and caches;
/// every result is what it would be alone, bit for bit. Training, and whatever changes the tree ([#train],
/// [#eval], [#to], loading weights), is for one thread while no other uses it.
public abstract class Layer {
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private final Map<String, WeightKind> kinds = new HashMap<>();
    private final Map<String, Tensor> buffers = new LinkedHashMap<>();
    private final Map<String, Layer> children = new LinkedHashMap<>();
    private boolean training = true;
    private Rng random;
    private List<UnaryOperator<Tensor>> hooks = List.of();

    // --- registering, in constructors

    /// Registers a tensor that training changes, and returns it. It outlives every scope.
    protected final Tensor param(String name, Tensor value) {
        requireFree(name);
        requireGiven(name, value);
        parameters.put(name, value.keep().requireGrad());
        return value;
    }

    /// The same for a parameter that a model starts by its kind, whatever it holds until then.
    protected final Tensor param(String name, WeightKind kind, Tensor value) {
        param(name, value);
        kind(name, kind);
        return value;
    }

    /// Says of which kind a registered parameter of this layer is.
    protected final void kind(String name, WeightKind kind) {
        require(parameters.containsKey(name), "layer: there is no parameter \"%s\"", name);
        requireGiven(name, kind);
        kinds.put(name, kind);
    }

    /// Registers a tensor that belongs to the state but has no gradient, and returns it. It outlives every
    /// scope.
    protected final Tensor buffer(String name, Tensor value) {
        requireFree(name);
        requireGiven(name, value);
        buffers.put(name, value.keep());
        return value;
    }

    /// Registers a part and returns it. The name may hold dots.
    protected final <L extends Layer> L child(String name, L layer) {
        requireFree(name);
        requireGiven(name, layer);
        children.put(name, layer);
        return layer;
    }

    /// Registers the one layer that this one wraps, and returns it. Its names and its random numbers
    /// are what they would be if it stood here by itself, so that wrapping changes no weights file and
    /// no training.
    protected final <L extends Layer> L wrapped(L layer) {
        require(children.isEmpty(), "layer: what wraps a layer has no other parts");
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
                "layer: the name \"%s\" is taken",
                name);
    }

    // --- looking

    /// The parameters of the whole tree, in the order of registration, each once even where it is shared.
    public final List<Tensor> parameters() {
        return List.copyOf(namedParameters().values());
    }

    /// The parameters of the whole tree by their full names. A shared one goes by its first name.
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
            if (seen.add(tensor)) {
                all.put(prefix + name, tensor);
            }
        });
    }

    /// What the parameters of the tree are for, by their full names; those of no kind are left out.
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

    /// Every layer of the tree by its full name, parents before their parts; this one has the name "".
    public final SequencedMap<String, Layer> namedLayers() {
        return namedLayers(Layer.class);
    }

    /// Those of one kind, as `gpt.namedLayers(Linear.class)`. A shared layer goes by its first name.
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

    /// The layer of that full name.
    ///
    /// @throws gradus.error.ConfigException if there is none
    public final Layer layer(String name) {
        Layer found = namedLayers().get(name);
        require(found != null, "layer: there is no \"%s\"; namedLayers() has the names", name);
        return found;
    }

    // --- looking at what flows through

    /// Calls a function with what each [forward][Transform#forward] of this layer returns, from now on, and
    /// passes on what the function returns in its place; to look without changing anything, return the
    /// argument. Several hooks are called in the order in which they came. Costs nothing where there is none.
    ///
    /// ```java
    /// try (var hook = gpt.layer("h.0.attn").hook(y -> { seen.add(y.detach()); return y; })) {
    ///     gpt.forward(ids);
    /// }
    /// ```
    /// Where a backward pass recomputes a block (see [Checkpointed]), the hooks in it are called once more.
    /// Adding and removing hooks is for one thread while no other uses the layer.
    public final Hook hook(UnaryOperator<Tensor> function) {
        require(function != null, "layer: a hook must be given; got null");
        UnaryOperator<Tensor> own = function::apply; // the same function may be added twice
        List<UnaryOperator<Tensor>> more = new ArrayList<>(hooks);
        more.add(own);
        hooks = List.copyOf(more);
        return () -> hooks = hooks.stream().filter(each -> each != own).toList();
    }

    /// Takes a hook away again.
    @FunctionalInterface
    public interface Hook extends AutoCloseable {
        @Override
        void close();
    }

    /// What a layer's forward returns, once its hooks have seen it. Write `return hooked(y);` at the end of
    /// the forward of a layer of your own.
    protected final Tensor hooked(Tensor y) {
        for (UnaryOperator<Tensor> hook : hooks) {
            y = hook.apply(y);
        }
        return y;
    }

    // --- counting

    /// How many numbers training changes, a shared one counted once.
    public final long parameterCount() {
        return parameters().stream().mapToLong(Tensor::size).sum();
    }

    /// The layer's name, how many parameters it has, and below that the tree of its parameters with their shapes
    /// and counts; layers that are alike stand there once. `System.out.println(gpt)` shows what a model is made
    /// of.
    @Override
    public String toString() {
        return LayerTree.print(this);
    }

    /// Whether this layer is in training, as it is from the start.
    public final boolean training() {
        return training;
    }

    /// What the layers of this tree add to the training loss for their last forward pass, in sum: the balance of
    /// experts, for instance. Null if they add nothing. To be added to the loss before its backward.
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

    /// Puts the tree into training mode: dropout drops.
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

    /// The caller names the type that its variable has; a wrong one fails at once with a ClassCastException.
    @SuppressWarnings("unchecked")
    private <L extends Layer> L self() {
        return (L) this;
    }

    /// Which layers of the tree are in training, in the order of registration.
    final List<Boolean> modes() {
        List<Boolean> modes = new ArrayList<>();
        modes.add(training);
        children.values().forEach(child -> modes.addAll(child.modes()));
        return modes;
    }

    /// Takes every parameter out of training. Layers put in later train.
    ///
    /// @return this layer, by its own type
    public final <L extends Layer> L freeze() {
        parameters().forEach(Tensor::freeze);
        return self();
    }

    /// Takes every parameter back into training.
    ///
    /// @return this layer, by its own type
    public final <L extends Layer> L unfreeze() {
        parameters().forEach(Tensor::requireGrad);
        return self();
    }

    /// Converts every parameter and buffer in place; gradients are forgotten.
    ///
    /// @return this layer, by its own type: `Linear linear = new Linear(3, 4, rng).to(DType.FLOAT64);`
    public <L extends Layer> L to(DType dtype) {
        state().values().forEach(tensor -> tensor.convert(dtype));
        return self();
    }

    /// Gives the tree its random numbers for one step. Each layer gets the stream of its name under this one,
    /// so what it draws depends on the generator's key and its name only: not on the device, the threads or
    /// other layers.
    ///
    /// @return this layer, by its own type
    public final <L extends Layer> L random(Rng rng) {
        random = rng;
        children.forEach((name, child) -> child.random(name.isEmpty() ? rng : rng.at(name)));
        return self();
    }

    /// The stream that [#random(Rng)] gave this layer, or null.
    protected final Rng random() {
        return random;
    }
}
