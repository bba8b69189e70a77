package gradus.layers.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.error.ShapeException;
import gradus.layers.LayerGradients;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MultiHeadAttentionTest {
    private Rng rng = Rng.of(8); // drawn anew in each try

    private MultiHeadAttention attention(int dim, int heads) {
        MultiHeadAttention attention = new MultiHeadAttention(dim, heads, rng);
        attention.to(DType.FLOAT64);
        return attention;
    }

    private Tensor normal(int... dims) {
        return Tensor.randn(rng.at("x"), dims).to(DType.FLOAT64);
    }

    @Property(tries = 200)
    void equalsTheLoop(
            @ForAll @IntRange(min = 1, max = 3) int batch,
            @ForAll @IntRange(min = 1, max = 7) int time,
            @ForAll @IntRange(min = 1, max = 3) int heads,
            @ForAll @IntRange(min = 1, max = 5) int headDim,
            @ForAll long seed) {
        rng = Rng.of(seed);
        int dim = heads * headDim;
        MultiHeadAttention attention = attention(dim, heads);
        Tensor x = normal(batch, time, dim);
        Tensor y = attention.forward(x);
        for (int b = 0; b < batch; b++) {
            double[][] expected = loop(attention, x, b, time, heads, headDim);
            for (int t = 0; t < time; t++) {
                for (int c = 0; c < dim; c++) {
                    assertThat(y.get(b, t, c)).isCloseTo(expected[t][c], within(1e-12));
                }
            }
        }
    }

    private double[][] loop(MultiHeadAttention attention, Tensor x, int b, int time, int heads, int headDim) {
        int dim = heads * headDim;
        double[][] qkv = new double[time][];
        for (int t = 0; t < time; t++) {
            double[] row = new double[dim];
            for (int c = 0; c < dim; c++) {
                row[c] = x.get(b, t, c);
            }
            qkv[t] = affine(attention, "c_attn", row);
        }
        double[][] y = new double[time][];
        for (int t = 0; t < time; t++) {
            double[] mixed = new double[dim];
            for (int h = 0; h < heads; h++) {
                double[] weights = new double[t + 1];
                double sum = 0;
                for (int s = 0; s <= t; s++) {
                    double score = 0;
                    for (int d = 0; d < headDim; d++) {
                        score += qkv[t][h * headDim + d] * qkv[s][dim + h * headDim + d];
                    }
                    weights[s] = Math.exp(score / Math.sqrt(headDim));
                    sum += weights[s];
                }
                for (int s = 0; s <= t; s++) {
                    for (int d = 0; d < headDim; d++) {
                        mixed[h * headDim + d] += weights[s] / sum * qkv[s][2 * dim + h * headDim + d];
                    }
                }
            }
            y[t] = affine(attention, "c_proj", mixed);
        }
        return y;
    }

    private double[] affine(MultiHeadAttention attention, String name, double[] x) {
        Tensor weight = attention.namedParameters().get(name + ".weight");
        double[] y = attention.namedParameters().get(name + ".bias").toArray();
        for (int o = 0; o < y.length; o++) {
            for (int i = 0; i < x.length; i++) {
                y[o] += weight.get(o, i) * x[i];
            }
        }
        return y;
    }

    @Test
    void whatComesLaterChangesNothingBefore() {
        MultiHeadAttention attention = attention(6, 2);
        Tensor x = normal(1, 5, 6);
        double[] before = attention.forward(x).toArray();
        double[] changed = x.toArray();
        changed[3 * 6] += 1; // position 3
        double[] after = attention.forward(Tensor.of(changed, 1, 5, 6)).toArray();
        for (int i = 0; i < 3 * 6; i++) {
            assertThat(after[i]).isEqualTo(before[i]);
        }
        assertThat(after[3 * 6]).isNotEqualTo(before[3 * 6]);
    }

    @Test
    void theFirstPositionSeesItselfOnly() {
        MultiHeadAttention attention = attention(6, 3);
        Tensor x = normal(1, 4, 6);
        double[] alone = attention.forward(x.slice(1, 0, 1)).toArray();
        double[] first = attention.forward(x).slice(1, 0, 1).toArray();
        assertThat(first).containsExactly(alone, within(1e-13));
    }

    @Test
    void gradients() {
        MultiHeadAttention attention = attention(6, 2);
        Tensor x = normal(2, 4, 6);
        LayerGradients.requireRight(attention, Map.of("x", x), () -> attention.forward(x));
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new MultiHeadAttention(100, 12, rng))
                .isInstanceOf(ConfigException.class) // BAD-INPUT 21
                .hasMessageContaining("dim=100")
                .hasMessageContaining("heads=12");
        assertThatThrownBy(() -> new MultiHeadAttention(8, 0, rng)).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new MultiHeadAttention(0, 1, rng)).isInstanceOf(ConfigException.class);
        AttentionConfig config = AttentionConfig.of(8, 4);
        for (AttentionConfig other : List.of(config.withKvHeads(2), config.withHeadDim(3), config.withQkNorm(true))) {
            assertThatThrownBy(() -> new MultiHeadAttention(other, rng))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith("MultiHeadAttention: kvHeads must be heads");
        }
        assertThatThrownBy(() -> attention(6, 2).forward(normal(4, 6)))
                .isInstanceOf(ShapeException.class); // BAD-INPUT 6
    }
}
