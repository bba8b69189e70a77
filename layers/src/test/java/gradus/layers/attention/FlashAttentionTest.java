package gradus.layers.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.ConfigException;
import gradus.layers.attention.mask.SlidingWindow;
import gradus.layers.attention.mask.StridedSparse;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FlashAttentionTest {
    private static double[][] rows(int stream, int time) {
        Rng rng = Rng.of(stream);
        double[][] rows = new double[time][3];
        for (int at = 0; at < 3 * time; at++) {
            rows[at / 3][at % 3] = rng.gaussian(at);
        }
        return rows;
    }

    private static Tensor tensor(double[][] rows) {
        double[] flat = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
        return Tensor.of(flat, 1, rows.length, 3);
    }

    /// Whatever the tiles, the results of all keys at once, forwards and backwards.
    @Property(tries = 200)
    void tilesDoNotMatter(
            @ForAll @IntRange(min = 1, max = 9) int queries,
            @ForAll @IntRange(min = 1, max = 9) int keys,
            @ForAll @IntRange(min = 1, max = 10) int queryTile,
            @ForAll @IntRange(min = 1, max = 10) int keyTile,
            @ForAll("masks") KeyMask mask) {
        double[][] q = rows(1, queries);
        double[][] k = rows(2, keys);
        double[][] v = rows(3, keys);
        double[][] dout = rows(4, queries);
        FlashAttention flash = new FlashAttention(queryTile, keyTile, mask);
        FlashAttention.Result result = flash.forward(q, k, v);
        FlashAttention.Gradients gradients = flash.backward(q, k, v, result, dout);
        Tensor[] x = {
            tensor(q).requireGrad(), tensor(k).requireGrad(), tensor(v).requireGrad()
        };
        Tensor dense =
                new ScaledDotProductAttention(1, mask).apply(x[0], x[1], x[2]).out();
        dense.backward(tensor(dout));
        assertNear(result.out(), dense);
        assertNear(gradients.dq(), x[0].grad());
        assertNear(gradients.dk(), x[1].grad());
        assertNear(gradients.dv(), x[2].grad());
    }

    private static void assertNear(double[][] actual, Tensor expected) {
        assertThat(expected.dtype()).isEqualTo(DType.FLOAT64);
        double[] flat = Arrays.stream(actual).flatMapToDouble(Arrays::stream).toArray();
        double[] wanted = expected.toArray();
        for (int i = 0; i < flat.length; i++) {
            assertThat(Math.abs(flat[i] - wanted[i])).isLessThan(1e-10); // the standard of the recurrence
        }
    }

    /// `δ = Σ dO·O` is what the softmax's derivative asks for, `Σ P∘dP`, without P.
    @Test
    void deltaIsTheSumOverProbabilities() {
        double[][] q = rows(1, 4);
        double[][] v = rows(3, 4);
        double[][] dout = rows(4, 4);
        Tensor x = tensor(q);
        var dense = new ScaledDotProductAttention(1, KeyMask.causal()).apply(x, x, tensor(v));
        for (int i = 0; i < 4; i++) {
            double delta = 0;
            double sum = 0;
            for (int c = 0; c < 3; c++) {
                delta += dout[i][c] * dense.out().get(0, i, c);
                for (int j = 0; j < 4; j++) {
                    sum += dense.weights().get(0, 0, i, j) * dout[i][c] * v[j][c];
                }
            }
            assertThat(Math.abs(delta - sum)).isLessThan(1e-14);
        }
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new FlashAttention(0, 1, KeyMask.full())).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new FlashAttention(1, 0, KeyMask.full())).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new FlashAttention(1, 1, null)).isInstanceOf(ConfigException.class);
    }

    @Provide
    static Arbitrary<KeyMask> masks() {
        return Arbitraries.of(KeyMask.full(), KeyMask.causal(), new SlidingWindow(3), new StridedSparse(2));
    }
}
