package gradus.layers.adapter;

import static gradus.error.ConfigException.require;

import gradus.layers.Embedding;
import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.layers.WeightKind;
import gradus.tensor.Tensor;
import gradus.tensor.quant.QuantizedMatrix;
import gradus.tensor.random.Rng;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;

/// An adapter with its first values, before anything of the model is changed.
///
/// @param parts      by the names of their layers
/// @param remainders what is left of matrices from which a start has taken a part, by the parameters' names
/// @param codes      the same of quantised matrices, by the names of their layers
/// @param modules    first values of what is trained as a whole, by the parameters' names
record NewAdapter(
        SequencedMap<String, Part> parts,
        SequencedMap<String, Tensor> remainders,
        SequencedMap<String, QuantizedMatrix> codes,
        SequencedMap<String, Tensor> modules) {

    static NewAdapter of(Layer model, AdapterConfig config, UnaryOperator<String> naming, Rng rng) {
        require(config != null && rng != null, "adapters: a configuration and random numbers must be given; got null");
        NewAdapter made = new NewAdapter(
                new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
        List<String> saved = config.modulesToSave();
        Targets targets = config.targets().without((name, layer) -> within(name, saved));
        targets.in(model, naming).forEach((name, layer) -> made.add(name, naming.apply(name), layer, config, rng));
        saved.forEach(module -> made.save(model, naming, module));
        if (config instanceof LoraConfig lora) {
            lora.extras().trainableTokenIndices().forEach((table, tokens) -> made.tokens(model, naming, table, tokens));
        }
        return made;
    }

    /// Whether a layer is, or lies in, one that is trained as a whole.
    private static boolean within(String name, List<String> modules) {
        String path = "." + name + ".";
        return modules.stream().anyMatch(module -> path.contains("." + module + "."));
    }

    private void add(String name, String called, Layer layer, AdapterConfig config, Rng rng) {
        switch (config) {
            case LoraConfig lora when layer instanceof Linear linear -> lora(name, called, linear, lora, rng.at(name));
            case LoraConfig lora -> embedding(name, called, (Embedding) layer, lora, rng.at(name));
            case Ia3Config ia3 -> {
                require(layer instanceof Linear, "ia3: %s is an Embedding; IA³ adapts a Linear", called);
                Linear linear = (Linear) layer;
                boolean feedForward = Targets.endsWithOne(called, ia3.feedforwardModules());
                parts.put(name, new Ia3(linear.in(), linear.out(), feedForward, new BaseWeight(linear).dtype()));
            }
        }
    }

    private void lora(String name, String called, Linear linear, LoraConfig config, Rng rng) {
        int r = config.scale().rankOf(called);
        double scale = config.scale().of(called);
        Lora.requireRank(r, linear.in(), linear.out(), called);
        BaseWeight weight = new BaseWeight(linear);
        LowRank start = config.start().of(weight, r, scale, rng);
        boolean changes = config.start().changesBase();
        Tensor rest = changes ? rest(name, weight, start.times(scale)) : null; // (out, in)
        if (config.useDora()) {
            Tensor lengths = changes
                    ? BaseWeight.lengths(rest, start.a(), start.b(), scale)
                    : weight.lengths(start.a(), start.b(), scale);
            parts.put(name, new Dora(start, lengths, scale, config.dropout()));
        } else {
            parts.put(name, new Lora(start, scale, config.dropout(), changes));
        }
    }

    /// What is left of a matrix, as it is used.
    private Tensor rest(String name, BaseWeight weight, Tensor taken) {
        Tensor rest = weight.values().sub(taken); // (out, in)
        if (weight.linear().quantized() == null) {
            remainders.put(name + ".weight", rest);
            return rest;
        }
        QuantizedMatrix matrix = weight.alike(rest);
        codes.put(name, matrix);
        return Tensor.of(matrix).to(rest.dtype()); // (out, in)
    }

    private void embedding(String name, String called, Embedding table, LoraConfig config, Rng rng) {
        int r = config.scale().rankOf(called);
        Tensor weight = table.weight().detach(); // (V, C)
        require(!config.useDora(), "lora: %s is an Embedding; DoRA adapts a Linear", called);
        Lora.requireRank(r, weight.dim(0), weight.dim(1), called);
        parts.put(
                name,
                new LoraEmbedding(
                        LoraEmbedding.start(weight, r, rng), config.scale().of(called)));
    }

    private void save(Layer model, UnaryOperator<String> naming, String module) {
        boolean found = false;
        Map<String, Tensor> parameters = model.namedParameters();
        for (Map.Entry<String, Layer> each : Targets.baseLayers(model).entrySet()) {
            String called = naming.apply(each.getKey());
            if (called == null || !Targets.endsWithOne(called, List.of(module))) {
                continue;
            }
            found = true;
            requireNotQuantized(each.getValue(), called);
            String prefix = each.getKey() + ".";
            for (String own : each.getValue().namedParameters().keySet()) {
                Tensor parameter = parameters.get(prefix + own);
                require(
                        parameter != null,
                        "modulesToSave: %s shares %s with another layer; name that layer",
                        called,
                        own);
                if (!inPart(model, prefix + own)) {
                    modules.put(prefix + own, Replacements.copy(parameter));
                }
            }
        }
        require(found, "modulesToSave: the model has no layer %s", module);
    }

    private static void requireNotQuantized(Layer module, String called) {
        module.namedLayers(Linear.class)
                .forEach((own, linear) -> require(
                        linear.quantized() == null,
                        "modulesToSave: %s%s is quantised, and quantised weights cannot be trained; leave it out of the"
                                + " quantisation",
                        called,
                        own.isEmpty() ? "" : "." + own));
    }

    private static boolean inPart(Layer model, String parameter) {
        return model.namedLayers(Part.class).keySet().stream().anyMatch(part -> parameter.startsWith(part + "."));
    }

    private void tokens(Layer model, UnaryOperator<String> naming, String table, List<Integer> tokens) {
        boolean found = false;
        for (Map.Entry<String, Layer> each : Targets.baseLayers(model).entrySet()) {
            String called = naming.apply(each.getKey());
            if (called == null || !Targets.endsWithOne(called, List.of(table))) {
                continue;
            }
            found = true;
            Tensor weight = tokensOf(each.getValue(), called); // (V, C)
            require(
                    !parts.containsKey(each.getKey()),
                    "trainable tokens: %s has a LoRA already; choose one of the two",
                    called);
            require(
                    !modules.containsKey(each.getKey() + ".weight"),
                    "trainable tokens: %s is trained as a whole already",
                    called);
            parts.put(each.getKey(), new TrainableTokens(weight, tokens, called));
        }
        require(found, "trainable tokens: the model has no table %s", table);
    }

    /// The matrix of an Embedding or a head, with a row for each token.
    private static Tensor tokensOf(Layer layer, String called) {
        boolean head = layer instanceof Linear linear
                && linear.weightKinds().get("weight") == WeightKind.TABLE
                && linear.bias() == null;
        require(
                head || layer instanceof Embedding,
                "trainable tokens: %s is no Embedding, and no head without a bias",
                called);
        return layer instanceof Embedding table ? table.weight() : ((Linear) layer).weight();
    }
}
