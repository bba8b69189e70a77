package gradus.layers.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.LayerGradients;
import gradus.layers.attention.mask.SlidingWindow;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class GroupedQueryAttentionTest {
    private static final Rng RNG = Rng.of(21);
    private static final double EPS = 1e-6;

    /// With weights, biases and gains that are all different from what they start as.
    private static GroupedQueryAttention attention(AttentionConfig config, long seed) {
        GroupedQueryAttention attention = new GroupedQueryAttention(config, RNG);
        attention.to(DType.FLOAT64);
        attention
                .namedParameters()
                .forEach((name, parameter) ->
                        parameter.copyFrom(normal(seed, name, parameter.shape().dims())));
        return attention;
    }

    private static Tensor normal(long seed, String name, int... dims) {
        return Tensor.randn(Rng.of(seed).at(name), dims).to(DType.FLOAT64);
    }

    @Property(tries = 200)
    void equalsTheLoop(
            @ForAll @IntRange(min = 1, max = 5) int time,
            @ForAll @IntRange(min = 1, max = 3) int kvHeads,
            @ForAll @IntRange(min = 1, max = 3) int group,
            @ForAll @IntRange(min = 1, max = 4) int headDim,
            @ForAll boolean qkNorm,
            @ForAll boolean bias,
            @ForAll long seed) {
        int heads = kvHeads * group;
        AttentionConfig config = AttentionConfig.of(heads, heads)
                .withHeadDim(headDim)
                .withKvHeads(kvHeads)
                .withQkNorm(qkNorm)
                .withBias(bias);
        GroupedQueryAttention attention = attention(config, seed);
        Map<String, Tensor> p = attention.namedParameters();
        Tensor x = normal(seed, "x", 1, time, heads);
        double[][] q = projected(p, "q", x, time, headDim, config);
        double[][] k = projected(p, "k", x, time, headDim, config);
        double[][] v = projected(p, "v", x, time, headDim, config);
        Tensor y = attention.forward(x);
        for (int t = 0; t < time; t++) {
            double[] mixed = new double[heads * headDim];
            for (int h = 0; h < heads; h++) {
                mix(q[t], k, v, t, h * headDim, h / group * headDim, headDim, mixed);
            }
            for (int c = 0; c < heads; c++) {
                double expected = 0;
                for (int i = 0; i < mixed.length; i++) {
                    expected += p.get("o_proj.weight").get(c, i) * mixed[i];
                }
                assertThat(y.get(0, t, c)).isCloseTo(expected, within(1e-11)); // sums of at most 36 terms
            }
        }
    }

    private static double[][] projected(
            Map<String, Tensor> p, String name, Tensor x, int time, int headDim, AttentionConfig config) {
        Tensor weight = p.get(name + "_proj.weight");
        double[][] rows = new double[time][weight.dim(0)];
        for (int t = 0; t < time; t++) {
            for (int o = 0; o < weight.dim(0); o++) {
                rows[t][o] = config.bias() ? p.get(name + "_proj.bias").get(o) : 0;
                for (int i = 0; i < weight.dim(1); i++) {
                    rows[t][o] += weight.get(o, i) * x.get(0, t, i);
                }
            }
            for (int head = 0; config.qkNorm() && !name.equals("v") && head < rows[t].length; head += headDim) {
                double squares = 0;
                for (int d = 0; d < headDim; d++) {
                    squares += rows[t][head + d] * rows[t][head + d];
                }
                for (int d = 0; d < headDim; d++) {
                    rows[t][head + d] *= p.get(name + "_norm.weight").get(d) / Math.sqrt(squares / headDim + EPS);
                }
            }
        }
        return rows;
    }

    private static void mix(
            double[] query, double[][] k, double[][] v, int t, int own, int shared, int headDim, double[] mixed) {
        double[] weights = new double[t + 1];
        double largest = Double.NEGATIVE_INFINITY;
        for (int s = 0; s <= t; s++) {
            for (int d = 0; d < headDim; d++) {
                weights[s] += query[own + d] * k[s][shared + d] / Math.sqrt(headDim);
            }
            largest = Math.max(largest, weights[s]);
        }
        double sum = 0;
        for (int s = 0; s <= t; s++) {
            weights[s] = Math.exp(weights[s] - largest);
            sum += weights[s];
        }
        for (int s = 0; s <= t; s++) {
            for (int d = 0; d < headDim; d++) {
                mixed[own + d] += weights[s] / sum * v[s][shared + d];
            }
        }
    }

    @Test
    void anotherMaskWhileItTrains() {
        AttentionConfig config = AttentionConfig.of(8, 4).withKvHeads(2);
        GroupedQueryAttention attention = attention(config, 3);
        GroupedQueryAttention window = attention(config.withMask(new SlidingWindow(2)), 3);
        Tensor x = normal(3, "x", 1, 5, 8);
        double[] own = attention.forward(x).toArray();
        double[] other = window.forward(x).toArray();
        assertThat(other).isNotEqualTo(own);
        attention.maskWhileTraining(new SlidingWindow(2));
        attention.train();
        assertThat(attention.forward(x).toArray()).isEqualTo(other);
        attention.eval();
        assertThat(attention.forward(x).toArray()).isEqualTo(own);
        attention.maskWhileTraining(null);
        attention.train();
        assertThat(attention.forward(x).toArray()).isEqualTo(own);
    }

    /// With as many key heads as query heads it is multi-head attention of the same weights.
    @Property(tries = 200)
    void withAllKeyHeadsItIsMultiHead(
            @ForAll @IntRange(min = 1, max = 6) int time,
            @ForAll @IntRange(min = 1, max = 4) int heads,
            @ForAll @IntRange(min = 1, max = 5) int headDim,
            @ForAll long seed) {
        int dim = heads * headDim;
        GroupedQueryAttention grouped = attention(AttentionConfig.of(dim, heads), seed);
        MultiHeadAttention multiHead = new MultiHeadAttention(dim, heads, RNG);
        multiHead.to(DType.FLOAT64);
        Map<String, Tensor> from = grouped.namedParameters();
        Map<String, Tensor> to = multiHead.namedParameters();
        double[] together = new double[3 * dim * dim];
        for (int i = 0; i < 3; i++) {
            String name = "qkv".charAt(i) + "_proj.weight";
            System.arraycopy(from.get(name).toArray(), 0, together, i * dim * dim, dim * dim);
        }
        to.get("c_attn.weight").set(together);
        to.get("c_proj.weight").copyFrom(from.get("o_proj.weight"));
        to.get("c_attn.bias").set(new double[3 * dim]);
        to.get("c_proj.bias").set(new double[dim]);
        Tensor x = normal(seed, "x", 2, time, dim);
        assertThat(grouped.forward(x).toArray())
                .containsExactly(multiHead.forward(x).toArray(), within(1e-11)); // BLAS may sum in another order
    }

    /// With one key head it is multi-query attention, and multi-head attention whose key heads are all the same.
    @Property(tries = 200)
    void withOneKeyHeadItIsMultiQuery(
            @ForAll @IntRange(min = 1, max = 6) int time,
            @ForAll @IntRange(min = 1, max = 4) int heads,
            @ForAll @IntRange(min = 1, max = 5) int headDim,
            @ForAll long seed) {
        int dim = heads * headDim;
        AttentionConfig config = AttentionConfig.of(dim, heads);
        GroupedQueryAttention grouped = attention(config.withKvHeads(1), seed);
        MultiQueryAttention multiQuery = new MultiQueryAttention(config, RNG);
        GroupedQueryAttention repeated = new GroupedQueryAttention(config, RNG);
        multiQuery.to(DType.FLOAT64);
        repeated.to(DType.FLOAT64);
        grouped.namedParameters().forEach((name, parameter) -> {
            multiQuery.namedParameters().get(name).copyFrom(parameter);
            Tensor there = repeated.namedParameters().get(name);
            double[] one = parameter.toArray();
            double[] all = new double[there.size()];
            for (int i = 0; i < all.length; i++) {
                all[i] = one[i % one.length];
            }
            there.set(all);
        });
        Tensor x = normal(seed, "x", 2, time, dim);
        double[] y = grouped.forward(x).toArray();
        assertThat(y).isEqualTo(multiQuery.forward(x).toArray());
        assertThat(y).containsExactly(repeated.forward(x).toArray(), within(1e-11)); // BLAS may sum in another order
    }

    @Test
    void gradients() {
        AttentionConfig config =
                AttentionConfig.of(6, 2).withKvHeads(1).withQkNorm(true).withBias(true);
        GroupedQueryAttention attention = attention(config, 1);
        Tensor x = normal(1, "x", 2, 4, 6);
        LayerGradients.requireRight(attention, Map.of("x", x), () -> attention.forward(x));
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> AttentionConfig.of(8, 4).withKvHeads(3)) // BAD-INPUT 22
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("heads=4, kvHeads=3");
        assertThatThrownBy(() -> AttentionConfig.of(8, 4).withKvHeads(0)).isInstanceOf(ConfigException.class);
    }
}
