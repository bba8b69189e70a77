package gradus.train.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.CheckpointMismatchException;
import gradus.error.CorruptCheckpointException;
import gradus.layers.Layer;
import gradus.layers.model.BertEncoder;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.RmsDecoder;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.checkpoint.SafetensorsWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Variants of config.json, most of them with what transformers 5.18 made of it; config_variants.py made them. A
/// variant gives the same logits or is refused by name, and a model that was read gives the same again when it has
/// been written and read back.
class ConfigVariantsTest {
    private static final int[] IDS =
            IntStream.range(0, 24).map(i -> (7 * i * i + 3 * i + 1) % 61).toArray();
    private static final int[] PLACES = {0, 11, 23};
    private static final int COLUMNS = 8;

    @TempDir
    private Path folder;

    private static JsonNode all() throws IOException {
        try (InputStream file = ConfigVariantsTest.class.getResourceAsStream("config_variants.json")) {
            return new JsonMapper().readTree(file);
        }
    }

    private static Stream<Variant> variants(Predicate<JsonNode> filter) throws IOException {
        JsonNode root = all();
        List<Variant> variants = new ArrayList<>();
        for (JsonNode variant : root.get("variants")) {
            if (filter.test(variant)) {
                JsonNode layout = variant.has("layout")
                        ? root.get("layouts").get(variant.get("layout").intValue())
                        : null;
                variants.add(new Variant(variant.get("name").stringValue(), variant, layout));
            }
        }
        return variants.stream();
    }

    private record Variant(String name, JsonNode node, JsonNode layout) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Variant> equal() throws IOException {
        return variants(variant -> !variant.has("refused"));
    }

    static Stream<Variant> refused() throws IOException {
        return variants(variant -> variant.has("refused"));
    }

    private static void write(Path folder, JsonNode config, JsonNode layout) throws IOException {
        Files.writeString(folder.resolve("config.json"), config.toString());
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        try (var scope = Scope.open()) {
            for (Map.Entry<String, JsonNode> tensor : layout.properties()) {
                int[] shape = tensor.getValue()
                        .valueStream()
                        .mapToInt(JsonNode::intValue)
                        .toArray();
                tensors.put(tensor.getKey(), VariantWeights.of(tensor.getKey(), shape));
            }
            SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, SafetensorsWriter.METADATA);
        }
    }

    /// (3·8): some of the logits, or states, of some of the places.
    private static double[] run(Layer model) {
        Indices ids = Indices.of(Shape.of(1, IDS.length), IDS);
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            Tensor out = model instanceof LanguageModel decoder
                    ? decoder.forward(ids)
                    : ((BertEncoder) model)
                            .forward(ids, Indices.of(Shape.of(1, IDS.length), new int[IDS.length]), KeyMask.full());
            int width = out.dim(2);
            double[] flat = out.toArray();
            return Arrays.stream(PLACES)
                    .boxed()
                    .flatMap(place -> IntStream.range(0, COLUMNS).mapToObj(c -> flat[place * width + c]))
                    .mapToDouble(Double::doubleValue)
                    .toArray();
        }
    }

    /// Both sides compute in float32, in other orders of summation. A logit is a sum of at most 4096 products, whose
    /// rounding grows through 2 to 32 blocks; its error is set against the largest of all 24, since a logit near 0
    /// is a difference of large ones.
    @ParameterizedTest
    @MethodSource("equal")
    void saysWhatTransformersSays(Variant variant) throws IOException {
        write(folder, variant.node.get("config"), variant.layout);
        Layer model = HuggingFaceFolder.load(folder);
        double[] ours = run(model);
        double[] theirs = variant.node
                .get("out")
                .valueStream()
                .mapToDouble(JsonNode::doubleValue)
                .toArray();
        double largest = Arrays.stream(theirs).map(Math::abs).max().orElseThrow();
        for (int i = 0; i < theirs.length; i++) {
            assertThat(Math.abs(ours[i] - theirs[i]))
                    .as("%d: %s, %s", i, ours[i], theirs[i])
                    .isLessThan(2e-4 * largest);
        }
        Path again = folder.resolve("again");
        HuggingFaceFolder.save(again, model);
        assertThat(run(HuggingFaceFolder.load(again))).isEqualTo(ours);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void isRefusedByName(Variant variant) throws IOException {
        JsonNode config = variant.node.get("config");
        JsonNode root = all();
        String type = config.get("model_type").stringValue();
        JsonNode plain = variants(other -> other.has("layout")
                        && other.get("config").get("model_type").equals(config.get("model_type")))
                .findFirst()
                .orElseThrow()
                .layout;
        for (JsonNode other : root.get("variants")) { // the layout of the base
            if (other.has("layout") && other.get("name").stringValue().equals(type + " without hidden_act")) {
                plain = root.get("layouts").get(other.get("layout").intValue());
            }
        }
        write(folder, config, plain);
        assertThatThrownBy(() -> HuggingFaceFolder.load(folder))
                .isInstanceOfAny(CheckpointMismatchException.class, CorruptCheckpointException.class)
                .hasMessageStartingWith(folder.resolve("config.json").toString())
                .hasMessageContaining(variant.node.get("refused").stringValue());
    }

    static Stream<Variant> dualChunks() throws IOException {
        return equal().filter(variant -> variant.name.contains("dual chunks"));
    }

    /// The authors' formula stands in config_variants.py, by itself, over transformers' models.
    @ParameterizedTest
    @MethodSource("dualChunks")
    void t2_dualChunksAndYarnsTemperatureReachPublishedModels(Variant variant) throws IOException {
        write(folder, variant.node.get("config"), variant.layout);
        RmsDecoder model = HuggingFaceFolder.load(folder, RmsDecoder.class);
        assertThat(model.config().reach().chunks()).isNotNull();
        double[] theirs = variant.node
                .get("out")
                .valueStream()
                .mapToDouble(JsonNode::doubleValue)
                .toArray();
        double largest = Arrays.stream(theirs).map(Math::abs).max().orElseThrow();
        double[] ours = run(model);
        for (int i = 0; i < theirs.length; i++) {
            assertThat(Math.abs(ours[i] - theirs[i])).isLessThan(2e-4 * largest);
        }
    }

    @Test
    void thereAreMoreThanOneHundred() throws IOException {
        assertThat(equal().count()).isGreaterThan(100);
        assertThat(refused().count()).isGreaterThan(20);
    }
}
