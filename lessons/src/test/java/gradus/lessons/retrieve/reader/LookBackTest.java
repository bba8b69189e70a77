package gradus.lessons.retrieve.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.layers.model.Qwen2;
import gradus.layers.model.config.LlamaConfig;
import gradus.layers.position.PlainFrequencies;
import gradus.tensor.Autograd;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LookBackTest {
    private static final int CONTEXT = 256;

    private static Qwen2 model(int heads, int size, double base) {
        return new Qwen2(
                LlamaConfig.of(heads * size, heads, 1)
                        .withVocabSize(11)
                        .withContext(CONTEXT)
                        .withHidden(8)
                        .withFrequencies(new PlainFrequencies(base)),
                Rng.of(5));
    }

    /// By hand: the biases are rotated pair by pair to their places, and the softmax is taken of their products.
    private static double[] attention(float[] query, float[] key, int at, int size, double base) {
        double[] scores = new double[at + 1];
        for (int n = 0; n <= at; n++) {
            for (int i = 0; i < size / 2; i++) {
                double theta = Math.pow(base, -2.0 * i / size);
                double[] q = rotated(query[i], query[i + size / 2], at * theta);
                double[] k = rotated(key[i], key[i + size / 2], n * theta);
                scores[n] += (q[0] * k[0] + q[1] * k[1]) / Math.sqrt(size);
            }
        }
        double top = Arrays.stream(scores).max().orElseThrow();
        double[] powers = Arrays.stream(scores).map(s -> Math.exp(s - top)).toArray();
        double sum = Arrays.stream(powers).sum();
        return Arrays.stream(powers).map(p -> p / sum).toArray();
    }

    private static double[] rotated(double x, double y, double angle) {
        return new double[] {x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)};
    }

    @Property(tries = 200)
    void eachHeadAttendsToTheTokenSoFarBefore(
            @ForAll @IntRange(min = 8, max = 32) int half,
            @ForAll @IntRange(min = 1, max = 8) int offset,
            @ForAll @IntRange(min = 0, max = CONTEXT - 1) int place,
            @ForAll @IntRange(min = 40, max = 60) int tenthsOfPower) {
        double base = Math.pow(10, tenthsOfPower / 10.0);
        int size = 2 * half;
        int at = Math.max(place, offset);
        Qwen2 model = model(2, size, base);
        LookBack.set(model, 0, offset);
        float[] queries = model.namedParameters()
                .get("model.layers.0.self_attn.q_proj.bias")
                .toFloatArray();
        float[] keys = model.namedParameters()
                .get("model.layers.0.self_attn.k_proj.bias")
                .toFloatArray();
        assertThat(Arrays.copyOf(queries, size)).containsOnly(0);
        assertThat(Arrays.copyOf(keys, size)).containsOnly(0);
        double[] attention = attention(
                Arrays.copyOfRange(queries, size, 2 * size), Arrays.copyOfRange(keys, size, 2 * size), at, size, base);
        assertThat(attention[at - offset]).isGreaterThan(0.99);
        // the neighbours' scores are lower by the gap: their parts are e^-6 of it, to the rounding of the biases
        if (offset >= 1 && at - offset + 1 <= at) {
            assertThat(Math.log(attention[at - offset] / attention[at - offset + 1]))
                    .isCloseTo(LookBack.GAP, org.assertj.core.data.Offset.offset(1e-4));
        }
    }

    /// The whole model, whose queries and keys are the biases alone: a token changes what is said at its own
    /// place, and so many places later, and hardly anywhere else.
    @Test
    void theModelSeesThatTokenAndItsOwn() {
        for (int offset = 1; offset <= 6; offset++) {
            Qwen2 model = model(4, 16, 1e5);
            LookBack.set(model, offset, offset, offset, offset);
            try (var pause = Autograd.noGrad()) {
                for (String name : new String[] {"q_proj", "k_proj"}) {
                    Tensor weight = model.namedParameters().get("model.layers.0.self_attn." + name + ".weight");
                    weight.copyFrom(weight.newFull(weight.shape(), 0));
                }
            }
            int[] ids = new int[60];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = i * 7 % 11;
            }
            float[][] before = logits(model, ids);
            int changed = 20;
            ids[changed] = (ids[changed] + 3) % 11;
            float[][] after = logits(model, ids);
            Map<Integer, Double> difference = new HashMap<>();
            for (int t = 0; t < ids.length; t++) {
                double sum = 0;
                for (int v = 0; v < 11; v++) {
                    sum += Math.abs(after[t][v] - before[t][v]);
                }
                difference.put(t, sum);
            }
            double seen = difference.get(changed + offset);
            for (int t = 0; t < ids.length; t++) {
                if (t != changed && t != changed + offset) {
                    assertThat(difference.get(t))
                            .as("offset %s, place %s", offset, t)
                            .isLessThan(seen / 10);
                }
            }
        }
    }

    private static float[][] logits(Qwen2 model, int[] ids) {
        try (var pause = Autograd.noGrad();
                var scope = Scope.open()) {
            float[] flat =
                    model.forward(Indices.of(Shape.of(1, ids.length), ids)).toFloatArray();
            float[][] rows = new float[ids.length][];
            for (int t = 0; t < rows.length; t++) {
                rows[t] = Arrays.copyOfRange(flat, t * 11, (t + 1) * 11);
            }
            return rows;
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Qwen2 model = model(2, 16, 1e4);
        assertThatThrownBy(() -> LookBack.set(model, 1))
                .isInstanceOf(ConfigException.class)
                .hasMessage("look back: there must be an offset for each of 2 heads, each with keys of its own;"
                        + " got 1, and 2 for keys");
        assertThatThrownBy(() -> LookBack.set(model, 1, -1))
                .hasMessage("look back: no head can look ahead; got [1, -1]");
        Qwen2 shared = new Qwen2(LlamaConfig.of(32, 2, 1).withVocabSize(11).withKvHeads(1), Rng.of(5));
        assertThatThrownBy(() -> LookBack.set(shared, 1, 2)).isInstanceOf(ConfigException.class);
    }
}
