package gradus.layers.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.LayerGradients;
import gradus.layers.attention.mask.Longformer;
import gradus.layers.position.Alibi;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LongformerAttentionTest {
    private Rng rng = Rng.of(4); // drawn anew in each try

    private LongformerAttention attention(int dim, int heads, Longformer pattern) {
        var attention = new LongformerAttention(AttentionConfig.of(dim, heads), pattern, rng);
        attention.to(DType.FLOAT64);
        return attention;
    }

    private Tensor normal(int... dims) {
        return Tensor.randn(rng.at("x"), dims).to(DType.FLOAT64);
    }

    @Property(tries = 200)
    void equalsTheLoop(
            @ForAll @IntRange(min = 1, max = 8) int time,
            @ForAll @IntRange(min = 0, max = 9) int window,
            @ForAll @IntRange(min = 0, max = 8) int global,
            @ForAll boolean both,
            @ForAll long seed) {
        rng = Rng.of(seed);
        int heads = 2;
        int d = 2;
        boolean[] isGlobal = new boolean[time];
        if (global < time) {
            isGlobal[global] = true;
            isGlobal[0] |= both;
        }
        Longformer pattern = new Longformer(
                window,
                java.util.stream.IntStream.range(0, time)
                        .filter(t -> isGlobal[t])
                        .toArray());
        var attention = attention(heads * d, heads, pattern);
        Tensor x = normal(1, time, heads * d);
        Tensor y = attention.forward(x);
        for (int i = 0; i < time; i++) {
            String suffix = isGlobal[i] ? "_global" : "";
            double[] mixed = new double[heads * d];
            for (int h = 0; h < heads; h++) {
                double[] q = affine(attention, "query" + suffix, x, i);
                double sum = 0;
                for (int pass = 0; pass < 2; pass++) {
                    for (int j = 0; j < time; j++) {
                        if (!isGlobal[i] && !isGlobal[j] && Math.abs(i - j) > window) {
                            continue;
                        }
                        double[] k = affine(attention, "key" + suffix, x, j);
                        double[] v = affine(attention, "value" + suffix, x, j);
                        double score = 0;
                        for (int c = h * d; c < h * d + d; c++) {
                            score += q[c] * k[c];
                        }
                        double weight = Math.exp(score / Math.sqrt(d));
                        for (int c = h * d; c < h * d + d && pass == 1; c++) {
                            mixed[c] += weight / sum * v[c];
                        }
                        sum += pass == 0 ? weight : 0;
                    }
                }
            }
            double[] expected = affine(attention, "dense", Tensor.of(mixed, 1, 1, heads * d), 0);
            for (int c = 0; c < heads * d; c++) {
                assertThat(y.get(0, i, c)).isCloseTo(expected[c], within(1e-12));
            }
        }
    }

    private double[] affine(LongformerAttention attention, String name, Tensor x, int t) {
        Tensor weight = attention.namedParameters().get(name + ".weight");
        double[] y = attention.namedParameters().get(name + ".bias").toArray();
        for (int o = 0; o < y.length; o++) {
            for (int i = 0; i < x.dim(2); i++) {
                y[o] += weight.get(o, i) * x.get(0, t, i);
            }
        }
        return y;
    }

    @Test
    void gradients() {
        var attention = attention(4, 2, new Longformer(1, 2));
        Tensor x = normal(2, 4, 4);
        LayerGradients.requireRight(attention, Map.of("x", x), () -> attention.forward(x));
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> attention(4, 2, null)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> attention(4, 2, new Longformer(1, 5)).forward(normal(1, 3, 4)))
                .isInstanceOf(ConfigException.class);
        AttentionConfig grouped = AttentionConfig.of(8, 4).withKvHeads(2);
        Longformer pattern = new Longformer(1);
        assertThatThrownBy(() -> new LongformerAttention(grouped, pattern, rng)).isInstanceOf(ConfigException.class);
        AttentionConfig biased = AttentionConfig.of(4, 2).withPosition(new Alibi(2));
        assertThatThrownBy(() -> new LongformerAttention(biased, pattern, rng)).isInstanceOf(ConfigException.class);
    }
}
