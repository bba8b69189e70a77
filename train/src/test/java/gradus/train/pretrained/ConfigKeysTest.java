package gradus.train.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.GradusException;
import gradus.layers.Layer;
import gradus.layers.model.BertEncoder;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.tokenizer.json.KnownKeys;
import gradus.train.checkpoint.CheckpointJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Walks every list of keys of config.json, of the objects in it and of generation_config.json: what is refused is
/// refused by name, what is harmless changes nothing, and what is obeyed is looked at: nonsense there is refused by
/// name.
class ConfigKeysTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String NONSENSE = "{\"non\": [\"sense\"]}";

    @TempDir
    private Path folder;

    private static Path golden(String type) {
        try {
            return Path.of(ConfigKeysTest.class.getResource(type).toURI());
        } catch (java.net.URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /// A model of each type, by the key of its lists.
    private static final Map<String, KnownKeys> TYPES = Map.of(
            "gpt2", ConfigKeys.GPT2,
            "bert", ConfigKeys.BERT,
            "llama", ConfigKeys.LLAMA,
            "mistral", ConfigKeys.MISTRAL,
            "qwen2", ConfigKeys.QWEN2,
            "mixtral", ConfigKeys.MIXTRAL);

    static Stream<String> types() {
        return TYPES.keySet().stream().sorted();
    }

    private ObjectNode make(String type) throws IOException {
        String like = type.equals("mistral") ? "llama" : type;
        Files.copy(golden(like).resolve("model.safetensors"), folder.resolve("model.safetensors"));
        ObjectNode config = CheckpointJson.read(golden(like).resolve("config.json"));
        config.put("model_type", type);
        if (type.equals("mistral")) {
            config.putNull("sliding_window");
        }
        return config;
    }

    private void write(ObjectNode config, String key, JsonNode value) throws IOException {
        ObjectNode changed = config.deepCopy();
        changed.set(key, value);
        Files.writeString(folder.resolve("config.json"), changed.toString());
    }

    private double[] run() {
        Layer model = HuggingFaceFolder.load(folder);
        Indices ids = Indices.of(Shape.of(1, 5), new int[] {3, 1, 4, 1, 5});
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            return (model instanceof LanguageModel decoder
                            ? decoder.forward(ids)
                            : ((BertEncoder) model)
                                    .forward(ids, Indices.of(Shape.of(1, 5), new int[5]), KeyMask.full()))
                    .toArray();
        }
    }

    private void refused(String key) {
        assertThatThrownBy(() -> HuggingFaceFolder.load(folder))
                .as(key)
                .isInstanceOf(GradusException.class)
                .hasMessageStartingWith(folder.resolve("config.json") + ": ")
                .hasMessageContaining(key);
    }

    private static JsonNode json(Object value) {
        return value instanceof String text && text.equals("{}") ? JSON.createObjectNode() : JSON.valueToTree(value);
    }

    @ParameterizedTest
    @MethodSource("types")
    void everyKeyOfConfigJson(String type) throws IOException {
        ObjectNode config = make(type);
        write(config, "model_type", json(type));
        double[] plain = run();
        for (Map.Entry<String, KnownKeys.Rule> entry : TYPES.get(type).rules().entrySet()) {
            String key = entry.getKey();
            switch (entry.getValue()) {
                case KnownKeys.Refused refused -> {
                    write(config, key, json("anything"));
                    refused(key);
                    write(config, key, JSON.nullNode()); // counts as absent
                    assertThat(run()).as(key).isEqualTo(plain);
                }
                case KnownKeys.Only only -> {
                    write(config, key, JSON.readTree(NONSENSE));
                    refused(key);
                    for (Object allowed : only.allowed()) {
                        write(config, key, json(allowed));
                        assertThat(run()).as(key).isEqualTo(plain);
                    }
                }
                case KnownKeys.Harmless harmless -> {
                    assertThat(harmless.reason()).isNotBlank();
                    for (Object value : List.of(true, 3, 0.5, "text", List.of(1))) {
                        write(config, key, json(value));
                        assertThat(run()).as(key).isEqualTo(plain);
                    }
                }
                case KnownKeys.Obeyed obeyed -> {
                    boolean windowOff =
                            type.equals("qwen2") && (key.equals("sliding_window") || key.equals("max_window_layers"));
                    ObjectNode used = windowOff ? config.deepCopy().put("use_sliding_window", true) : config;
                    if (key.equals("original_max_position_embeddings")) { // of a stretched embedding only
                        used = config.deepCopy();
                        used.set("rope_scaling", JSON.readTree("{\"type\": \"yarn\", \"factor\": 2}"));
                    }
                    write(used, key, JSON.readTree(NONSENSE));
                    refused(key);
                }
            }
        }
        write(config, "of_next_year", json(1));
        refused("of_next_year");
    }

    /// The fields of a sound object of each kind; a head has two pairs.
    private static final Map<String, String> ROPE = Map.of(
            "default", "{}",
            "linear", "{\"factor\": 2}",
            "dynamic", "{\"factor\": 2}",
            "yarn", "{\"factor\": 2}",
            "llama3", "{\"factor\": 2, \"low_freq_factor\": 1, \"high_freq_factor\": 4}",
            "longrope", "{\"factor\": 2, \"short_factor\": [1, 1], \"long_factor\": [1, 2]}");

    @ParameterizedTest
    @ValueSource(strings = {"rope_scaling", "rope_parameters"})
    void everyKeyOfRotaryEmbeddings(String object) throws IOException {
        ObjectNode config = make("llama");
        assertThat(ROPE.keySet()).isEqualTo(RopeKeys.BY_TYPE.keySet());
        for (Map.Entry<String, KnownKeys> kind : RopeKeys.BY_TYPE.entrySet()) {
            ObjectNode rope = (ObjectNode) JSON.readTree(ROPE.get(kind.getKey()));
            rope.put("rope_type", kind.getKey());
            write(config, object, rope);
            double[] plain = run();
            for (Map.Entry<String, KnownKeys.Rule> entry :
                    kind.getValue().rules().entrySet()) {
                String key = entry.getKey();
                ObjectNode changed = rope.deepCopy();
                switch (entry.getValue()) {
                    case KnownKeys.Harmless harmless -> {
                        changed.put(key, 7);
                        write(config, object, changed);
                        assertThat(run()).as(key).isEqualTo(plain);
                    }
                    case KnownKeys.Only only -> {
                        changed.put(key, 0.25);
                        write(config, object, changed);
                        refused(key);
                        changed.set(key, json(only.allowed().getFirst()));
                        write(config, object, changed);
                        assertThat(run()).as(key).isEqualTo(plain);
                    }
                    case KnownKeys.Refused refused -> {
                        changed.put(key, 7);
                        write(config, object, changed);
                        refused(key);
                    }
                    case KnownKeys.Obeyed obeyed -> {
                        if (key.equals("type")) {
                            changed.remove("rope_type");
                        }
                        changed.set(key, JSON.readTree(NONSENSE));
                        write(config, object, changed);
                        refused(key);
                    }
                }
            }
            write(config, object, rope.deepCopy().put("of_next_year", 1));
            refused("of_next_year");
        }
    }

    @Test
    void everyKeyOfDualChunks() throws IOException {
        ObjectNode config = make("qwen2");
        String object = "dual_chunk_attention_config";
        ObjectNode sound = JSON.createObjectNode().put("chunk_size", 4).put("local_size", 1);
        write(config, object, sound);
        double[] plain = run();
        for (Map.Entry<String, KnownKeys.Rule> entry :
                ConfigKeys.DUAL_CHUNKS.rules().entrySet()) {
            String key = entry.getKey();
            ObjectNode changed = sound.deepCopy();
            changed.set(key, JSON.readTree(NONSENSE));
            write(config, object, changed);
            if (entry.getValue() instanceof KnownKeys.Harmless) {
                assertThat(run()).as(key).isEqualTo(plain);
            } else {
                refused(key);
            }
        }
        write(config, object, sound.deepCopy().put("of_next_year", 1));
        refused("of_next_year");
    }

    @Test
    void everyKeyOfGenerationConfig() throws IOException {
        ObjectNode config = make("llama");
        write(config, "model_type", json("llama"));
        Path file = folder.resolve(GenerationConfig.FILE);
        Files.writeString(file, "{}");
        GenerationConfig plain = GenerationConfig.read(folder);
        for (Map.Entry<String, KnownKeys.Rule> entry :
                GenerationKeys.ALL.rules().entrySet()) {
            String key = entry.getKey();
            Files.writeString(file, "{\"%s\": %s}".formatted(key, NONSENSE));
            if (entry.getValue() instanceof KnownKeys.Harmless harmless) {
                assertThat(GenerationConfig.read(folder)).isEqualTo(plain);
                assertThat(harmless.reason()).isNotBlank();
            } else {
                assertThatThrownBy(() -> GenerationConfig.read(folder))
                        .as(key)
                        .isInstanceOf(GradusException.class)
                        .hasMessageStartingWith(file + ": ")
                        .hasMessageContaining(key);
            }
            if (entry.getValue() instanceof KnownKeys.Only only) {
                Files.writeString(
                        file,
                        JSON.createObjectNode()
                                .set(key, json(only.allowed().getFirst()))
                                .toString());
                assertThat(GenerationConfig.read(folder)).isEqualTo(plain);
            }
            Files.writeString(file, "{\"%s\": null}".formatted(key)); // as transformers writes what is not set
            assertThat(GenerationConfig.read(folder)).isEqualTo(plain);
        }
        Files.writeString(file, "{\"of_next_year\": 1}");
        assertThatThrownBy(() -> GenerationConfig.read(folder)).hasMessageContaining("of_next_year");
    }
}
