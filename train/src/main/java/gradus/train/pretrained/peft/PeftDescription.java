package gradus.train.pretrained.peft;

import gradus.error.ConfigException;
import gradus.layers.adapter.AdapterConfig;
import gradus.layers.adapter.Adapters;
import gradus.layers.adapter.Dora;
import gradus.layers.adapter.Ia3;
import gradus.layers.adapter.Ia3Config;
import gradus.layers.adapter.Lora;
import gradus.layers.adapter.LoraConfig;
import gradus.layers.adapter.LoraEmbedding;
import gradus.layers.adapter.Part;
import gradus.layers.adapter.Targets;
import gradus.layers.adapter.TrainableTokens;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.pretrained.PublishedNames;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Describes an adapter as an adapter_config.json. It says what the adapter is, not how it was asked for:
/// layers that a condition chose are listed, and a rank or an α that differs stands under the layer's whole
/// name.
final class PeftDescription {
    private final Adapters adapters;
    private final AdapterConfig config;
    private final SequencedMap<String, Part> parts; // by Hugging Face's name
    private final PublishedNames names;

    PeftDescription(Adapters adapters, String name, SequencedMap<String, Part> parts, PublishedNames names) {
        this.adapters = adapters;
        this.config = adapters.config(name);
        this.parts = new LinkedHashMap<>();
        parts.forEach((layer, part) -> this.parts.put(names.module(layer), part));
        this.names = names;
    }

    /// @param base what peft is to call the base
    /// @param tied whether the head follows a table that is trained, see [TiedHead]
    void write(Path file, String base, boolean tied) {
        ObjectNode json = CheckpointJson.object();
        json.put("peft_type", config instanceof Ia3Config ? "IA3" : "LORA");
        json.put("task_type", names.isDecoder() ? "CAUSAL_LM" : null);
        json.put("base_model_name_or_path", base);
        json.put("inference_mode", true);
        json.put("fan_in_fan_out", names.isConv1d());
        list(json, "modules_to_save", config.modulesToSave());
        json.putNull("exclude_modules");
        List<String> adapted = parts.entrySet().stream()
                .filter(each -> !(each.getValue() instanceof TrainableTokens))
                .map(Map.Entry::getKey)
                .toList();
        List<String> feedForward = feedForward();
        List<String> shortest = shortest(adapted, feedForward);
        list(json, "target_modules", shortest);
        switch (config) {
            case LoraConfig lora -> {
                describe(lora, json);
                json.put(TiedHead.TYING, tied);
            }
            case Ia3Config ia3 -> {
                list(json, "feedforward_modules", shortest == adapted ? feedForward : ends(feedForward));
                json.put("init_ia3_weights", true);
            }
        }
        CheckpointJson.write(file, json);
    }

    private List<String> feedForward() {
        return parts.entrySet().stream()
                .filter(each -> each.getValue() instanceof Ia3 ia3 && ia3.feedForward())
                .map(Map.Entry::getKey)
                .toList();
    }

    private static List<String> ends(List<String> modules) {
        return modules.stream()
                .map(module -> module.substring(module.lastIndexOf('.') + 1))
                .distinct()
                .toList();
    }

    /// The last parts of the names where they choose the same layers, else the whole names.
    ///
    /// @param feedForward those of the modules whose last parts must be no other module's; peft compares
    ///     without dots
    private List<String> shortest(List<String> modules, List<String> feedForward) {
        List<String> ends = ends(modules);
        boolean alike = modules.stream()
                .anyMatch(module -> !feedForward.contains(module)
                        && ends(feedForward).stream().anyMatch(module::endsWith));
        if (alike) {
            return modules;
        }
        try {
            Collection<String> chosen = Targets.named(ends).in(adapters.model(), names::module).keySet().stream()
                    .map(names::module)
                    .toList();
            return List.copyOf(chosen).equals(modules) ? ends : modules;
        } catch (ConfigException another) { // an end that is some other layer's name too
            return modules;
        }
    }

    private void describe(LoraConfig lora, ObjectNode json) {
        SequencedMap<String, Integer> ranks = new LinkedHashMap<>();
        SequencedMap<String, Double> alphas = new LinkedHashMap<>();
        ObjectNode tokens = CheckpointJson.object();
        parts.forEach((module, part) -> {
            switch (part) {
                case Lora each -> put(module, each.a().dim(0), each.scale(), lora, ranks, alphas);
                case Dora each -> put(module, each.a().dim(0), each.scale(), lora, ranks, alphas);
                case LoraEmbedding each -> put(module, each.a().dim(0), each.scale(), lora, ranks, alphas);
                case TrainableTokens each -> {
                    ArrayNode numbers = tokens.putArray(module);
                    for (int token : each.tokens()) {
                        numbers.add(token);
                    }
                }
                default -> throw new AssertionError(part);
            }
        });
        int r = commonest(ranks.values());
        double alpha = commonest(alphas.values());
        json.put("r", r);
        put(json, "lora_alpha", alpha);
        json.put("lora_dropout", lora.dropout());
        json.put("bias", "none");
        json.put("use_rslora", lora.scale().useRslora());
        json.put("use_dora", lora.useDora());
        json.put("init_lora_weights", true); // whatever it was: the base is the original one
        ObjectNode rankPattern = json.putObject("rank_pattern");
        ranks.forEach((module, rank) -> {
            if (rank != r) {
                rankPattern.put(module, rank);
            }
        });
        ObjectNode alphaPattern = json.putObject("alpha_pattern");
        alphas.forEach((module, each) -> {
            if (each != alpha) {
                put(alphaPattern, module, each);
            }
        });
        json.putNull("layers_to_transform");
        json.putNull("layers_pattern");
        if (tokens.isEmpty()) {
            json.putNull("trainable_token_indices");
        } else {
            json.set("trainable_token_indices", tokens);
        }
    }

    private static void put(
            String module,
            int r,
            double scale,
            LoraConfig lora,
            Map<String, Integer> ranks,
            Map<String, Double> alphas) {
        double alpha = scale * (lora.scale().useRslora() ? Math.sqrt(r) : r);
        double whole = Math.rint(alpha);
        ranks.put(module, r);
        alphas.put(module, Math.abs(alpha - whole) < 1e-9 * whole ? whole : alpha); // 6 after division and product
    }

    private static void put(ObjectNode json, String key, double value) {
        if (value == Math.rint(value) && Math.abs(value) < Integer.MAX_VALUE) {
            json.put(key, (int) value); // as peft writes it
        } else {
            json.put(key, value);
        }
    }

    private static <T> T commonest(Collection<T> values) {
        return values.stream()
                .collect(Collectors.groupingBy(Function.identity(), LinkedHashMap::new, Collectors.counting()))
                .entrySet()
                .stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
    }

    private static void list(ObjectNode json, String key, List<String> values) {
        if (values.isEmpty()) {
            json.putNull(key);
        } else {
            values.forEach(json.withArray(key)::add);
        }
    }
}
