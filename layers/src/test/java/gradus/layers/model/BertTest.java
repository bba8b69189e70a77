package gradus.layers.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.layers.LayerGradients;
import gradus.layers.model.config.BertConfig;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.Arrays;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BertTest {
    private static final Rng RNG = Rng.of(17);
    private static final BertConfig TINY = new BertConfig(11, 6, 2, 1, 2, 4, 5, 0, 1e-12);

    private static Indices numbers(String name, int bound, int batch, int time) {
        int[] ids = new int[batch * time];
        Arrays.setAll(ids, i -> RNG.at(name).index(i, bound));
        return Indices.of(Shape.of(batch, time), ids);
    }

    // --- sizes

    @Test
    void publishedSizesAreCountedWithoutBuilding() {
        assertThat(BertConfig.base().parameterCount()).isEqualTo(109_482_240);
        assertThat(BertConfig.base().encoderParameters()).isEqualTo(108_891_648);
        assertThat(BertConfig.base().maskedLmParameters()).isEqualTo(109_514_298);
        assertThat(BertConfig.miniLm().parameterCount()).isEqualTo(22_713_216);
    }

    @Property(tries = 200)
    void theCountIsThatOfTheModel(
            @ForAll @IntRange(min = 1, max = 9) int vocabSize,
            @ForAll @IntRange(min = 1, max = 9) int context,
            @ForAll @IntRange(min = 1, max = 2) int layers,
            @ForAll @IntRange(min = 1, max = 3) int heads,
            @ForAll @IntRange(min = 1, max = 9) int hidden) {
        BertConfig config = new BertConfig(vocabSize, context, 2, layers, heads, 2 * heads, hidden, 0, 1e-12);
        assertThat(new BertEncoder(config, RNG).parameterCount()).isEqualTo(config.encoderParameters());
        assertThat(new Bert(config, RNG).parameterCount()).isEqualTo(config.parameterCount());
        assertThat(new BertMaskedLm(config, RNG).parameterCount()).isEqualTo(config.maskedLmParameters());
    }

    @Test
    void parametersGoByTheNamesOfHuggingFace() {
        assertThat(new Bert(TINY, RNG).namedParameters().keySet())
                .contains(
                        "embeddings.word_embeddings.weight",
                        "embeddings.position_embeddings.weight",
                        "embeddings.token_type_embeddings.weight",
                        "embeddings.LayerNorm.bias",
                        "encoder.layer.0.attention.self.query.weight",
                        "encoder.layer.0.attention.output.dense.bias",
                        "encoder.layer.0.attention.output.LayerNorm.weight",
                        "encoder.layer.0.intermediate.dense.weight",
                        "encoder.layer.0.output.LayerNorm.bias",
                        "pooler.dense.weight")
                .hasSize(5 + 16 + 2);
        assertThat(new BertMaskedLm(TINY, RNG).namedParameters().keySet())
                .contains(
                        "bert.embeddings.word_embeddings.weight",
                        "cls.predictions.bias",
                        "cls.predictions.transform.dense.weight",
                        "cls.predictions.transform.LayerNorm.bias");
    }

    // --- the mathematics

    /// The whole model again, in plain arrays: one sequence, by the paper's equations.
    private static double[][] oracle(Bert bert, int[] ids, int[] segments) {
        Map<String, Tensor> p = bert.namedParameters();
        int dim = bert.config().dim();
        double[][] x = new double[ids.length][dim];
        for (int t = 0; t < ids.length; t++) {
            for (int c = 0; c < dim; c++) {
                x[t][c] = p.get("embeddings.word_embeddings.weight").get(ids[t], c)
                        + p.get("embeddings.position_embeddings.weight").get(t, c)
                        + p.get("embeddings.token_type_embeddings.weight").get(segments[t], c);
            }
            x[t] = norm(x[t], p, "embeddings.LayerNorm");
        }
        for (int layer = 0; layer < bert.config().layers(); layer++) {
            String at = "encoder.layer." + layer + ".";
            double[][] mixed = attention(x, p, at, bert.config().heads());
            for (int t = 0; t < x.length; t++) {
                double[] y = linear(mixed[t], p, at + "attention.output.dense");
                x[t] = norm(sum(x[t], y), p, at + "attention.output.LayerNorm");
                double[] hidden = linear(x[t], p, at + "intermediate.dense");
                for (int f = 0; f < hidden.length; f++) {
                    hidden[f] *= 0.5 * (1 + erf(hidden[f] / Math.sqrt(2)));
                }
                x[t] = norm(sum(x[t], linear(hidden, p, at + "output.dense")), p, at + "output.LayerNorm");
            }
        }
        return x;
    }

    private static double[][] attention(double[][] x, Map<String, Tensor> p, String at, int heads) {
        int time = x.length;
        int size = x[0].length / heads;
        double[][] mixed = new double[time][x[0].length];
        for (int t = 0; t < time; t++) {
            double[] q = linear(x[t], p, at + "attention.self.query");
            for (int h = 0; h < heads; h++) {
                double[] weight = new double[time];
                double total = 0;
                for (int s = 0; s < time; s++) {
                    double[] k = linear(x[s], p, at + "attention.self.key");
                    double score = 0;
                    for (int d = h * size; d < (h + 1) * size; d++) {
                        score += q[d] * k[d];
                    }
                    weight[s] = Math.exp(score / Math.sqrt(size));
                    total += weight[s];
                }
                for (int s = 0; s < time; s++) {
                    double[] v = linear(x[s], p, at + "attention.self.value");
                    for (int d = h * size; d < (h + 1) * size; d++) {
                        mixed[t][d] += weight[s] / total * v[d];
                    }
                }
            }
        }
        return mixed;
    }

    private static double[] linear(double[] x, Map<String, Tensor> p, String name) {
        Tensor weight = p.get(name + ".weight");
        double[] y = new double[weight.dim(0)];
        for (int o = 0; o < y.length; o++) {
            y[o] = p.get(name + ".bias").get(o);
            for (int i = 0; i < x.length; i++) {
                y[o] += weight.get(o, i) * x[i];
            }
        }
        return y;
    }

    private static double[] norm(double[] x, Map<String, Tensor> p, String name) {
        double mean = Arrays.stream(x).average().orElseThrow();
        double variance =
                Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
        double[] y = new double[x.length];
        for (int c = 0; c < x.length; c++) {
            y[c] = (x[c] - mean)
                            / Math.sqrt(variance + 1e-12)
                            * p.get(name + ".weight").get(c)
                    + p.get(name + ".bias").get(c);
        }
        return y;
    }

    private static double[] sum(double[] a, double[] b) {
        double[] y = new double[a.length];
        Arrays.setAll(y, i -> a[i] + b[i]);
        return y;
    }

    /// The Maclaurin series, exact to double where |x| is below 2: weights here keep it there.
    private static double erf(double x) {
        double sum = 0;
        double term = x;
        for (int n = 0; n < 60; n++) {
            sum += term / (2 * n + 1);
            term *= -x * x / (n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }

    @Test
    void isWhatTheLoopsSay() {
        Bert bert = new Bert(TINY.withLayers(2), RNG);
        bert.to(DType.FLOAT64);
        Indices ids = numbers("ids", 11, 2, 5);
        Indices segments = numbers("segments", 2, 2, 5);
        Tensor states = bert.forward(ids, segments, KeyMask.full());
        for (int b = 0; b < 2; b++) {
            int[] own = Arrays.copyOfRange(ids.values(), 5 * b, 5 * b + 5);
            int[] kinds = Arrays.copyOfRange(segments.values(), 5 * b, 5 * b + 5);
            double[][] expected = oracle(bert, own, kinds);
            for (int t = 0; t < 5; t++) {
                for (int c = 0; c < 4; c++) {
                    assertThat(states.get(b, t, c)).isCloseTo(expected[t][c], within(1e-9)); // sums of a few terms
                }
            }
            double[] first = linear(expected[0], bert.namedParameters(), "pooler.dense");
            for (int c = 0; c < 4; c++) {
                assertThat(bert.pool(states).get(b, c)).isCloseTo(Math.tanh(first[c]), within(1e-9));
            }
        }
    }

    @Test
    void everyTokenSeesAllOthers() {
        Bert bert = new Bert(TINY, RNG);
        Indices segments = Indices.of(Shape.of(1, 3), new int[3]);
        Tensor a = bert.forward(Indices.of(Shape.of(1, 3), new int[] {1, 2, 3}), segments, KeyMask.full());
        Tensor b = bert.forward(Indices.of(Shape.of(1, 3), new int[] {1, 2, 4}), segments, KeyMask.full());
        assertThat(a.get(0, 0, 0)).isNotEqualTo(b.get(0, 0, 0));
    }

    @Test
    void gradientsAreRight() {
        BertMaskedLm model = new BertMaskedLm(TINY.withVocabSize(5).withContext(3), RNG);
        model.namedParameters()
                .forEach((name, p) -> p.copyFrom(Tensor.randn(
                                RNG.at(name),
                                p.shape().dims()) // norms and biases too, so that no gradient is zero by chance
                        .mul(0.5)));
        Indices ids = numbers("ids", 5, 2, 3);
        Indices segments = numbers("segments", 2, 2, 3);
        Indices targets = numbers("targets", 5, 2, 3);
        LayerGradients.requireRight(
                model,
                Map.of(),
                () -> model.forward(ids, segments, KeyMask.full()).crossEntropy(targets));
    }

    @Test
    void dropoutOnlyInTraining() {
        Bert bert = new Bert(TINY.withDropout(0.5), RNG);
        Indices ids = numbers("ids", 11, 1, 4);
        Indices segments = numbers("segments", 2, 1, 4);
        bert.random(Rng.of(1));
        double[] first = bert.forward(ids, segments, KeyMask.full()).toArray();
        bert.random(Rng.of(2));
        assertThat(bert.forward(ids, segments, KeyMask.full()).toArray()).isNotEqualTo(first);
        bert.eval();
        first = bert.forward(ids, segments, KeyMask.full()).toArray();
        assertThat(bert.forward(ids, segments, KeyMask.full()).toArray()).isEqualTo(first);
    }

    // --- bad input

    @Test
    void badConfigurations() {
        refused(() -> TINY.withHeads(3).validate(), "dim=4, heads=3"); // BAD-INPUT 21
        refused(() -> TINY.withLayers(0), "layers"); // BAD-INPUT 24
        refused(() -> TINY.withDropout(1), "dropout"); // BAD-INPUT 25
        refused(() -> TINY.withDropout(Double.NaN), "dropout"); // BAD-INPUT 25
        refused(() -> TINY.withEps(0), "eps"); // BAD-INPUT 26
        refused(() -> TINY.withHidden(0), "hidden");
        refused(() -> TINY.withTypes(0), "types");
        refused(() -> TINY.withVocabSize(0), "vocabSize");
        refused(() -> TINY.withContext(0), "context");
        refused(() -> TINY.withDim(0), "dim");
        refused(() -> TINY.withHeads(0), "heads");
    }

    @Test
    void badSequences() {
        Bert bert = new Bert(TINY, RNG);
        Indices long7 = numbers("ids", 2, 1, 7);
        refused(() -> bert.forward(long7, long7, KeyMask.full()), "7 tokens", "context of 6"); // BAD-INPUT 34
        Indices short3 = numbers("ids", 2, 1, 3);
        refused(() -> bert.forward(short3, long7, KeyMask.full()), "(1, 3)", "(1, 7)");
        Indices wide = Indices.of(Shape.of(1, 3), new int[] {0, 11, 0});
        assertThatThrownBy(() -> bert.forward(wide, short3, KeyMask.full())).isInstanceOf(ShapeException.class);
        assertThatThrownBy(() -> bert.forward(short3, wide, KeyMask.full())).isInstanceOf(ShapeException.class);
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOf(ConfigException.class).hasMessageContainingAll(parts);
    }
}
