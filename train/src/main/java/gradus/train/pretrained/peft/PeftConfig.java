package gradus.train.pretrained.peft;

import gradus.error.CheckpointMismatchException;
import gradus.error.ConfigException;
import gradus.error.CorruptCheckpointException;
import gradus.error.Printable;
import gradus.layers.Embedding;
import gradus.layers.adapter.AdapterConfig;
import gradus.layers.adapter.Adapters;
import gradus.layers.adapter.Ia3Config;
import gradus.layers.adapter.LoraConfig;
import gradus.layers.adapter.LoraExtras;
import gradus.layers.adapter.LoraScale;
import gradus.layers.adapter.LoraStart;
import gradus.layers.adapter.Targets;
import gradus.tokenizer.json.JsonNumbers;
import gradus.tokenizer.json.KnownKeys;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.pretrained.PublishedNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads an adapter_config.json. Every key is obeyed, known to be harmless, or refused by its name.
final class PeftConfig {
    private static final String TOKENS = "trainable_token_indices";

    private final Path file;
    private final ObjectNode json;
    private final Adapters adapters;
    private final PublishedNames names;

    private PeftConfig(Path file, Adapters adapters, PublishedNames names) {
        this.file = file;
        this.json = CheckpointJson.read(file);
        this.adapters = adapters;
        this.names = names;
    }

    /// @throws gradus.error.DataException  if there is no such file
    /// @throws CorruptCheckpointException  if a value is nonsense
    /// @throws CheckpointMismatchException if it asks for what is not built, or its names are not the model's
    static AdapterConfig read(Path file, Adapters adapters, PublishedNames names) {
        PeftConfig config = new PeftConfig(file, adapters, names);
        try {
            return switch (config.text("peft_type")) {
                case "LORA" -> config.lora();
                case "IA3" -> config.ia3();
                case String other ->
                    throw config.mismatch(
                            "peft_type \"%s\" is not supported; LORA and IA3 are".formatted(Printable.value(other)));
            };
        } catch (ConfigException outOfRange) {
            throw new CorruptCheckpointException(file + ": " + outOfRange.getMessage(), outOfRange);
        }
    }

    private void require(KnownKeys keys) {
        Optional<String> fault = keys.fault(json.propertyNames(), key -> value(json.get(key)));
        if (fault.isPresent()) {
            throw mismatch(fault.get());
        }
    }

    /// A value in Java's terms; null for what says nothing.
    static Object value(JsonNode node) {
        if (node.isNull() || node.isContainer() && node.isEmpty()) {
            return null;
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.isNumber() ? (Object) JsonNumbers.toDouble(node) : node.asString("");
    }

    private LoraConfig lora() {
        require(PeftKeys.LORA);
        SequencedMap<String, Integer> ranks = new LinkedHashMap<>();
        entries("rank_pattern").forEach((key, node) -> ranks.put(key, size("rank_pattern", node)));
        SequencedMap<String, Double> alphas = new LinkedHashMap<>();
        entries("alpha_pattern").forEach((key, node) -> alphas.put(key, number("alpha_pattern", node)));
        LoraScale scale = new LoraScale(
                says("r") ? size("r", json.get("r")) : 8,
                says("lora_alpha") ? number("lora_alpha", json.get("lora_alpha")) : 8,
                flag("use_rslora"),
                ranks,
                alphas);
        double dropout = says("lora_dropout") ? number("lora_dropout", json.get("lora_dropout")) : 0;
        LoraExtras extras = new LoraExtras(texts("modules_to_save"), tokens());
        return new LoraConfig(targets(), scale, flag("use_dora"), dropout, start(), extras);
    }

    private Ia3Config ia3() {
        require(PeftKeys.IA3);
        Targets targets = targets();
        JsonNode given = json.get("feedforward_modules");
        List<String> feedForward = new ArrayList<>();
        if (says("feedforward_modules")) {
            Pattern whole = given.isString() ? Targets.compiled(given.stringValue()) : null;
            List<String> ends = given.isString() ? List.of() : texts("feedforward_modules");
            for (String own : targets.in(adapters.model(), names::module).keySet()) {
                String module = names.module(own);
                boolean matches = whole != null
                        ? Targets.matchesWhole(whole, module)
                        : ends.stream().anyMatch(module::endsWith); // peft asks for no dot here
                if (matches) {
                    feedForward.add(module);
                }
            }
        }
        return new Ia3Config(targets, feedForward, texts("modules_to_save"));
    }

    private Targets targets() {
        JsonNode given = json.get("target_modules");
        if (!says("target_modules")) {
            throw mismatch("target_modules must be given; peft's own choice for a kind of model is not known here");
        }
        boolean text = given.isString();
        if (text && says("layers_to_transform")) {
            throw mismatch("layers_to_transform needs a list in target_modules; got a text");
        }
        Targets targets;
        if (!text) {
            targets = Targets.named(texts("target_modules"));
        } else if (given.stringValue().equalsIgnoreCase("all-linear")) {
            targets = Targets.allLinear();
        } else {
            targets = Targets.matching(given.stringValue());
        }
        if (says("layers_to_transform")) {
            targets = targets.layers(numbers("layers_to_transform"));
        }
        if (says("layers_pattern")) {
            targets = targets.layersIn(texts("layers_pattern").toArray(String[]::new));
        }
        if (says("exclude_modules")) {
            targets = json.get("exclude_modules").isString()
                    ? targets.exceptMatching(json.get("exclude_modules").stringValue())
                    : targets.except(texts("exclude_modules").toArray(String[]::new));
        }
        return targets;
    }

    /// The file's values replace the first ones, so that only what a start does to the base matters.
    private LoraStart start() {
        JsonNode given = json.get("init_lora_weights");
        if (!says("init_lora_weights") || given.isBoolean()) {
            return LoraStart.KAIMING;
        }
        String start = given.asString("");
        return switch (start) {
            case "gaussian", "eva", "orthogonal", "mica" -> LoraStart.KAIMING;
            case "olora" -> LoraStart.OLORA;
            case "pissa" -> LoraStart.PISSA;
            default ->
                throw mismatch(
                        "init_lora_weights \"%s\" changes the base in a way that is not built; save the adapter for its original base"
                                .formatted(Printable.value(start)));
        };
    }

    private Map<String, List<Integer>> tokens() {
        JsonNode given = json.get(TOKENS);
        Map<String, List<Integer>> tokens = new LinkedHashMap<>();
        if (!says(TOKENS)) {
            return tokens;
        }
        if (given.isArray()) {
            String table = adapters.model().namedLayers(Embedding.class).sequencedKeySet().stream()
                    .findFirst()
                    .orElseThrow(() -> mismatch(TOKENS + ": the model has no embeddings"));
            tokens.put(names.module(table), list(TOKENS, given));
        } else {
            entries(TOKENS).forEach((table, node) -> tokens.put(table, list(TOKENS, node)));
        }
        return tokens;
    }

    static List<List<Integer>> trainedTokens(Path file) {
        PeftConfig config = new PeftConfig(file, null, null);
        JsonNode given = config.json.get(TOKENS);
        if (!config.says(TOKENS)) {
            return List.of();
        }
        return given.isArray()
                ? List.of(config.list(TOKENS, given))
                : config.entries(TOKENS).values().stream()
                        .map(node -> config.list(TOKENS, node))
                        .toList();
    }

    /// Whether a head follows its table, see [TiedHead]; null if the file says nothing.
    static Boolean ensureWeightTying(Path file) {
        PeftConfig config = new PeftConfig(file, null, null);
        return config.says(TiedHead.TYING) ? Boolean.valueOf(config.flag(TiedHead.TYING)) : null;
    }

    // --- single values

    private boolean says(String key) {
        return json.hasNonNull(key)
                && !(json.get(key).isContainer() && json.get(key).isEmpty());
    }

    private String text(String key) {
        JsonNode node = json.get(key);
        if (node == null || !node.isString()) {
            throw nonsense(key, "a text", node);
        }
        return node.stringValue();
    }

    private boolean flag(String key) {
        if (!says(key)) {
            return false;
        }
        if (!json.get(key).isBoolean()) {
            throw nonsense(key, "true or false", json.get(key));
        }
        return json.get(key).booleanValue();
    }

    private int size(String key, JsonNode node) {
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 0) {
            throw nonsense(key, "whole numbers from 0", node);
        }
        return node.intValue();
    }

    private double number(String key, JsonNode node) {
        if (!node.isNumber()) {
            throw nonsense(key, "numbers", node);
        }
        return JsonNumbers.toDouble(node);
    }

    /// A list of texts, or a single one.
    private List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        if (!says(key)) {
            return texts;
        }
        JsonNode node = json.get(key);
        for (JsonNode each : node.isArray() ? node : List.of(node)) {
            if (!each.isString() || each.stringValue().isEmpty()) {
                throw nonsense(key, "texts", node);
            }
            texts.add(each.stringValue());
        }
        return texts;
    }

    private int[] numbers(String key) {
        JsonNode node = json.get(key);
        return (node.isArray() ? list(key, node) : List.of(size(key, node)))
                .stream().mapToInt(Integer::intValue).toArray();
    }

    private List<Integer> list(String key, JsonNode node) {
        if (!node.isArray()) {
            throw nonsense(key, "lists of whole numbers", node);
        }
        List<Integer> numbers = new ArrayList<>();
        for (JsonNode each : node) {
            numbers.add(size(key, each));
        }
        return numbers;
    }

    private SequencedMap<String, JsonNode> entries(String key) {
        SequencedMap<String, JsonNode> entries = new LinkedHashMap<>();
        if (says(key)) {
            if (!json.get(key).isObject()) {
                throw nonsense(key, "an object", json.get(key));
            }
            json.get(key).properties().forEach(each -> entries.put(each.getKey(), each.getValue()));
        }
        return entries;
    }

    private CorruptCheckpointException nonsense(String key, String expected, JsonNode got) {
        return new CorruptCheckpointException(
                "%s: %s must hold %s; got %s".formatted(file, key, expected, Printable.value(String.valueOf(got))));
    }

    private CheckpointMismatchException mismatch(String message) {
        return new CheckpointMismatchException(file + ": " + message);
    }
}
