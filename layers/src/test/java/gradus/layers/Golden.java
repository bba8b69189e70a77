package gradus.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import gradus.tensor.Tensor;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One random draw of a component as PyTorch or Hugging Face's transformers computed it: sizes, inputs,
/// parameters, results, an upstream gradient, and the gradients of all inputs and parameters.
/// `src/test/python/golden.py` makes the files, one for each component, each with draws in float64 and in
/// float32.
///
/// To add a component, write a function of its name in that script (its first lines say how), run it with
/// that name, and give the component a test:
/// ```java
/// @TestFactory
/// Stream<DynamicTest> agreesWithPyTorch() {
///     return Golden.each("rms_norm", golden -> {
///         RMSNorm norm = golden.fill(new RMSNorm(golden.whole("dim"), golden.number("eps")));
///         golden.check(norm.forward(golden.input("x")));
///     });
/// }
/// ```
/// `fill` copies the file's parameters and buffers into a layer by name; `check` compares the result,
/// carries the upstream gradient back and compares the gradient of every input that was read and every
/// parameter that was filled, and fails if the file has a gradient that nobody asked for. float64 must
/// agree to 1e-9, float32 to 1e-5, of the largest element: sums in another order and another exp leave
/// 1e-14 and 1e-6. A gradient in float32 may differ by so much of the largest element of all gradients:
/// one that cancels, as that of a key's bias does, keeps the rounding of terms as large as the others.
public final class Golden {
    /// So that what is 0 but for rounding is compared at all.
    private static final double NEARLY_ZERO = 1e-3;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final JsonNode draw;
    private final DType dtype;
    private final Map<String, Tensor> leaves = new LinkedHashMap<>();

    private Golden(JsonNode draw) {
        this.draw = draw;
        this.dtype = DType.valueOf(draw.get("dtype").asString());
    }

    /// A test for each draw of a component.
    public static Stream<DynamicTest> each(String component, Consumer<Golden> check) {
        String file = "/gradus/layers/golden/" + component + ".json.gz";
        try (InputStream packed = Golden.class.getResourceAsStream(file)) {
            assertThat(packed).as("the file %s", file).isNotNull();
            List<DynamicTest> tests = new ArrayList<>();
            for (JsonNode draw : JSON.readTree(new GZIPInputStream(packed))) {
                Golden golden = new Golden(draw);
                String name = "%s, draw %d in %s".formatted(component, tests.size(), golden.dtype);
                tests.add(dynamicTest(name, () -> check.accept(golden)));
            }
            return tests.stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// The type of this draw's elements; [#fill] converts layers to it.
    public DType dtype() {
        return dtype;
    }

    /// A whole number of the configuration.
    public int whole(String name) {
        return configuration(name).asInt();
    }

    /// A number of the configuration.
    public double number(String name) {
        return configuration(name).asDouble();
    }

    /// A yes or no of the configuration.
    public boolean flag(String name) {
        return configuration(name).asBoolean();
    }

    /// A word of the configuration.
    public String word(String name) {
        return configuration(name).asString();
    }

    private JsonNode configuration(String name) {
        JsonNode value = draw.get("config").get(name);
        assertThat(value).as("the setting %s", name).isNotNull();
        return value;
    }

    /// An input; its gradient will be compared.
    public Tensor input(String name) {
        return leaves.computeIfAbsent(
                name, wanted -> tensor(draw.get("inputs").get(wanted)).requireGrad());
    }

    /// Whole numbers: token ids, targets.
    public Indices indices(String name) {
        JsonNode node = draw.get("indices").get(name);
        int[] values = StreamSupport.stream(node.get("data").spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
        return Indices.of(Shape.of(dims(node)), values);
    }

    /// A layer with the file's parameters and buffers, every one of its own.
    public <L extends Layer> L fill(L layer) {
        layer.to(dtype);
        Map<String, Tensor> state = layer.state();
        JsonNode parameters = draw.get("parameters");
        assertThat(state.keySet()).containsExactlyInAnyOrderElementsOf(parameters.propertyNames());
        state.forEach((name, tensor) -> tensor.copyFrom(tensor(parameters.get(name))));
        leaves.putAll(layer.namedParameters());
        return layer;
    }

    /// Compares the result `y`, and then the gradients it passes back.
    public void check(Tensor y) {
        check(Map.of("y", y));
    }

    /// Compares several results by name, and the gradients that they pass back together.
    public void check(Map<String, Tensor> results) {
        Tensor weighted = null;
        for (Map.Entry<String, Tensor> result : results.entrySet()) {
            String name = result.getKey();
            compare(name, result.getValue(), draw.get("outputs").get(name), NEARLY_ZERO);
            if (draw.get("upstream").has(name)) {
                Tensor part = result.getValue()
                        .mul(tensor(draw.get("upstream").get(name)))
                        .sum();
                weighted = weighted == null ? part : weighted.add(part);
            }
        }
        assertThat(results.keySet()).containsAll(draw.get("outputs").propertyNames());
        if (weighted != null && weighted.requiresGrad()) {
            weighted.backward();
        }
        double largest = NEARLY_ZERO;
        for (JsonNode gradient : draw.get("gradients")) {
            largest = Math.max(largest, largest(numbers(gradient)));
        }
        double terms = dtype == DType.FLOAT64 ? NEARLY_ZERO : largest;
        draw.get("gradients").properties().forEach(gradient -> {
            Tensor leaf = leaves.get(gradient.getKey());
            assertThat(leaf).as("the leaf %s", gradient.getKey()).isNotNull();
            Tensor actual = leaf.grad() == null ? leaf.detach().mul(0) : leaf.grad();
            compare("the gradient of " + gradient.getKey(), actual, gradient.getValue(), terms);
        });
    }

    /// Compares what a layer remembers after the pass with the file's `after`.
    public void checkState(Layer layer) {
        draw.get("after")
                .properties()
                .forEach(entry ->
                        compare(entry.getKey(), layer.state().get(entry.getKey()), entry.getValue(), NEARLY_ZERO));
    }

    /// @param least the scale of what is smaller
    private void compare(String name, Tensor actual, JsonNode expected, double least) {
        assertThat(expected).as(name).isNotNull();
        assertThat(actual.shape().dims()).as("the shape of %s", name).isEqualTo(dims(expected));
        double[] values = numbers(expected);
        double tolerance = dtype == DType.FLOAT64 ? 1e-9 : 1e-5;
        double scale = Math.max(least, largest(values));
        assertThat(actual.toArray()).as(name).containsExactly(values, within(tolerance * scale));
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElse(0);
    }

    private Tensor tensor(JsonNode node) {
        return Tensor.of(numbers(node), dims(node)).to(dtype);
    }

    private static int[] dims(JsonNode node) {
        return StreamSupport.stream(node.get("shape").spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    private static double[] numbers(JsonNode node) {
        return StreamSupport.stream(node.get("data").spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }
}
