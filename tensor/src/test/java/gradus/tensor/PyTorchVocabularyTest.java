package gradus.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The names that a user of PyTorch types first do what they do there, at the edges too: ties, NaN, infinities, zeros.
/// The expected numbers are PyTorch's own, written by `vocabulary.py` beside them.
class PyTorchVocabularyTest {
    private static final double INF = Double.POSITIVE_INFINITY;

    /// What each line of the file does, in this library's words.
    private static final Map<String, Function<Tensor[], Tensor>> CASES = new TreeMap<>();

    static {
        put("sin", Tensor::sin);
        put("cos", Tensor::cos);
        put("expm1", Tensor::expm1);
        put("log1p", Tensor::log1p);
        put("rsqrt", Tensor::rsqrt);
        put("sign", Tensor::sign);
        for (String name : List.of("sin", "cos", "expm1", "log1p", "rsqrt", "sign")) {
            CASES.put(name + " odd", CASES.get(name));
        }
        put("pow 2", x -> x.pow(2));
        put("pow 0", x -> x.pow(0));
        put("pow 0.5", x -> x.pow(0.5));
        put("pow -1", x -> x.pow(-1));
        CASES.put("pow tensor", x -> x[0].pow(x[1]));
        put("clamp", x -> x.clamp(-1, 1));
        put("clamp crossed", x -> x.clamp(1, -1));
        CASES.put("maximum", x -> x[0].maximum(x[1]));
        CASES.put("minimum", x -> x[0].minimum(x[1]));
        CASES.put("where", x -> Tensor.where(Tensor.of(new double[] {1, 0, 1}, 3), x[0], x[1]));
        put("maskedFill", x -> x.maskedFill(x.gt(2), 7));
        put("tril", x -> x.tril(1));
        put("triu", x -> x.triu(-1));
        CASES.put("eq", x -> x[0].eq(x[1]));
        CASES.put("ne", x -> x[0].ne(x[1]));
        CASES.put("lt", x -> x[0].lt(x[1]));
        CASES.put("le", x -> x[0].le(x[1]));
        CASES.put("gt", x -> x[0].gt(x[1]));
        CASES.put("ge", x -> x[0].ge(x[1]));
        put("amax ties", x -> x.amax(1));
        put("amax of both", x -> x.amax(new int[] {0, 1}, false));
        put("amin ties", x -> x.amin(0));
        put("max ties", x -> x.max(1).values());
        put("max places", x -> numbers(x.max(1).indices()));
        put("min ties", x -> x.min(1, true).values());
        put("max of all", Tensor::max);
        put("min of all", Tensor::min);
        put("max nan", x -> x.max(0).values());
        put("argmax", x -> numbers(x.argmax(1)));
        put("argmin", x -> numbers(x.argmin(0)));
        put("argmax of all", x -> Tensor.full(DType.FLOAT64, Shape.of(), x.argmax()));
        put("sort", x -> x.sort(-1, false).values());
        put("sort places", x -> numbers(x.sort(-1, false).indices()));
        put("sort falling", x -> x.sort(0, true).values());
        put("sort falling places", x -> numbers(x.sort(-1, true).indices()));
        put("topk", x -> x.topk(2).values());
        put("topk smallest", x -> x.topk(2, 0, false).values());
        put("var", x -> x.var(1));
        put("var biased", x -> x.var(new int[] {0, 1}, 0, false));
        put("std", Tensor::std);
        put("std equal", x -> x.std(1));
        put("prod zero", x -> x.prod(1));
        put("prod", Tensor::prod);
        put("norm", Tensor::norm);
        put("norm zero", x -> x.norm(2, new int[] {1}, false));
        put("norm 1", x -> x.norm(1, new int[] {0}, false));
        put("norm 3", x -> x.norm(3));
        put("norm inf", x -> x.norm(INF));
        put("cumsum", x -> x.cumsum(1));
        put("logSumExp", x -> x.logSumExp(new int[] {0, 1}, true));
        put("logSumExp inf", x -> x.logSumExp(0));
        put("softmax", x -> x.softmax(0));
        put("logSoftmax", x -> x.logSoftmax(0));
        put("mean", x -> x.mean(0, 1));
        put("sum", x -> x.sum(new int[] {0, 1}, true));
        put("flip", x -> x.flip(0, 1));
        put("roll", x -> x.roll(-4, 1));
        put("pad", x -> x.pad(new int[] {1, 0, 0, 2}, -1));
        put("repeat", x -> x.repeat(2, 1, 2));
        put("expand", x -> x.expand(2, -1, 3));
        put("split", x -> x.split(2, 1).get(1));
        put("chunk", x -> x.chunk(4, 0).get(2));
        put("unbind", x -> x.unbind(1).get(2));
        CASES.put("stack", x -> Tensor.stack(-1, x));
        put("squeeze", Tensor::squeeze);
        put("squeeze an axis", x -> x.squeeze(1));
        put("unsqueeze", x -> x.unsqueeze(-1));
        put("takeAlongDim", x -> x.takeAlongDim(Indices.of(2, 0, 2).reshape(1, 3), 1));
        put("gather", x -> x.gather(0, Indices.of(1, 0, 1).reshape(1, 3)));
        CASES.put("scatterAdd", x -> x[0].scatterAdd(1, Indices.of(0, 0, 2, 1).reshape(2, 2), x[1]));
        CASES.put("indexAdd", x -> x[0].indexAdd(1, Indices.of(1, 1), x[1]));
        CASES.put("einsum", x -> Tensor.einsum("ij,kj->ik", x));
        CASES.put("einsum trace", x -> Tensor.einsum("ii", x));
        CASES.put("einsum implied", x -> Tensor.einsum("cb,ba", x));
        CASES.put("einsum dots", x -> Tensor.einsum("...i,...i->...", x));
        put("arange", x -> Tensor.arange(1, 2.5, 0.5).to(DType.FLOAT64));
        put("arange down", x -> Tensor.arange(5, -1, -2).to(DType.FLOAT64));
        put("linspace", x -> Tensor.linspace(-1, 2, 7).to(DType.FLOAT64));
        put("linspace of one", x -> Tensor.linspace(3, 9, 1).to(DType.FLOAT64));
        put("eye", x -> Tensor.eye(2, 3).to(DType.FLOAT64));
        put("oneHot", x -> Tensor.oneHot(Indices.of(2, 0).reshape(1, 2), 3).to(DType.FLOAT64));
    }

    private static void put(String name, Function<Tensor, Tensor> f) {
        CASES.put(name, x -> f.apply(x[0]));
    }

    private static Tensor numbers(Indices indices) {
        int[] values = indices.values();
        return Draw.tensor(i -> values[i], indices.shape().dims());
    }

    @TestFactory
    Stream<DynamicTest> doesWhatPyTorchDoes() throws IOException {
        return lines().stream().map(line -> {
            String[] parts = line.split("\t");
            return dynamicTest(parts[0], () -> {
                Tensor[] inputs = Arrays.stream(parts[1].split("\\|"))
                        .map(PyTorchVocabularyTest::tensor)
                        .map(Tensor::requireGrad)
                        .toArray(Tensor[]::new);
                Tensor y = CASES.get(parts[0]).apply(inputs);
                Tensor expected = tensor(parts[2]);
                assertThat(y.shape()).isEqualTo(expected.shape());
                assertSame(y, expected);
                String[] gradients = parts[3].split("\\|");
                if (gradients[0].equals("-")) {
                    return;
                }
                y.backward(
                        Draw.tensor(i -> i % 2 == 0 ? i + 1 : -i - 1, y.shape().dims()));
                for (int i = 0; i < inputs.length; i++) {
                    assertSame(inputs[i].grad(), tensor(gradients[i]));
                }
            });
        });
    }

    @Test
    void everyLineIsReadAndNothingElseIsClaimed() throws IOException {
        Set<String> names = new HashSet<>();
        lines().forEach(line -> assertThat(names.add(line.split("\t")[0])).isTrue());
        assertThat(CASES.keySet()).isEqualTo(names);
    }

    /// Equal up to a few roundings of float64, of the largest number where terms cancel. NaN and infinities are in the
    /// same places.
    private static void assertSame(Tensor actual, Tensor expected) {
        double[] finite =
                Arrays.stream(expected.toArray()).filter(Double::isFinite).toArray();
        double allowed = 16 * 0x1p-52 * Math.max(1e-3, Near.largest(finite));
        Near.assertWithin(actual.toArray(), expected.toArray(), allowed);
    }

    private static List<String> lines() throws IOException {
        try (InputStream in = PyTorchVocabularyTest.class.getResourceAsStream("pytorch/vocabulary.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    /// `2,3:1.0,2.0,…`; Python writes nan and inf where Java writes NaN and Infinity.
    private static Tensor tensor(String text) {
        int colon = text.indexOf(':');
        String sizes = text.substring(0, colon);
        int[] dims = sizes.isEmpty()
                ? new int[0]
                : Arrays.stream(sizes.split(",")).mapToInt(Integer::parseInt).toArray();
        double[] values = Arrays.stream(text.substring(colon + 1).split(","))
                .mapToDouble(number -> switch (number) {
                    case "nan" -> Double.NaN;
                    case "inf" -> INF;
                    case "-inf" -> -INF;
                    default -> Double.parseDouble(number);
                })
                .toArray();
        return Tensor.of(values, dims);
    }
}
