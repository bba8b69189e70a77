package gradus.layers.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import gradus.error.ConfigException;
import gradus.layers.attention.mask.SlidingWindow;
import gradus.tensor.GradientCheck;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.mask.Query;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ScaledDotProductAttentionTest {
    private static Tensor normal(int stream, int... dims) {
        return Tensor.randn(Rng.of(stream), dims).to(DType.FLOAT64);
    }

    @Property(tries = 200)
    void equalsTheLoopAndTheFusedOperation(
            @ForAll @IntRange(min = 1, max = 5) int queries,
            @ForAll @IntRange(min = 1, max = 6) int keys,
            @ForAll @IntRange(min = 1, max = 2) int kvHeads,
            @ForAll @IntRange(min = 1, max = 2) int group,
            @ForAll boolean causal) {
        int d = 3;
        int heads = kvHeads * group;
        KeyMask mask = causal ? KeyMask.causal() : KeyMask.full();
        Tensor q = normal(1, 2, queries, heads * d);
        Tensor k = normal(2, 2, keys, kvHeads * d);
        Tensor v = normal(3, 2, keys, kvHeads * d);
        var result = new ScaledDotProductAttention(heads, mask).apply(q, k, v);
        Tensor fused = q.attention(k, v, heads, mask);
        for (int at = 0; at < 2 * heads * queries; at++) {
            int b = at / queries / heads;
            int h = at / queries % heads;
            int i = at % queries;
            double[] weights = new double[keys];
            double sum = 0;
            for (int j = 0; j < keys && (!causal || j <= i + keys - queries); j++) {
                double score = 0;
                for (int c = 0; c < d; c++) {
                    score += q.get(b, i, h * d + c) * k.get(b, j, h / group * d + c);
                }
                weights[j] = Math.exp(score / Math.sqrt(d));
                sum += weights[j];
            }
            double[] out = new double[d];
            for (int j = 0; j < keys; j++) {
                double weight = weights[j] == 0 ? 0 : weights[j] / sum;
                assertThat(result.weights().get(b, h, i, j)).isCloseTo(weight, within(1e-12));
                for (int c = 0; c < d; c++) {
                    out[c] += weight * v.get(b, j, h / group * d + c);
                }
            }
            for (int c = 0; c < d; c++) {
                assertThat(result.out().get(b, i, h * d + c)).isCloseTo(out[c], within(1e-12));
                assertThat(fused.get(b, i, h * d + c)).isCloseTo(out[c], within(1e-12));
            }
        }
    }

    /// What each query sees is drawn, apart for each sequence or each head, or for both, or neither.
    private record Drawn(Rng rng, boolean bySequence, boolean byHead) implements KeyMask {
        boolean sees(int sequence, int head, int query, int key) {
            Rng of = rng.at(bySequence ? sequence : 0).at(byHead ? head : 0).at(query);
            return key == 0 || of.uniform(key) < 0.5;
        }

        @Override
        public void see(Query query) {
            for (int key = 0; key < query.keys(); key++) {
                if (sees(query.sequence(), query.head(), query.index(), key)) {
                    query.sees(key);
                }
            }
        }
    }

    @Property(tries = 200)
    void weighsTheKeysThatAreSeen(
            @ForAll @IntRange(min = 1, max = 3) int batch,
            @ForAll @IntRange(min = 1, max = 3) int heads,
            @ForAll @IntRange(min = 1, max = 4) int queries,
            @ForAll @IntRange(min = 1, max = 4) int keys,
            @ForAll boolean bySequence,
            @ForAll boolean byHead,
            @ForAll int seed) {
        Drawn mask = new Drawn(Rng.of(seed), bySequence, byHead);
        Tensor q = normal(seed, batch, queries, heads);
        Tensor k = normal(seed + 1, batch, keys, heads);
        Tensor v = normal(seed + 2, batch, keys, heads);
        Tensor weights =
                new ScaledDotProductAttention(heads, mask).apply(q, k, v).weights();
        for (int b = 0; b < batch; b++) {
            for (int h = 0; h < heads; h++) {
                for (int i = 0; i < queries; i++) {
                    double sum = 0;
                    for (int j = 0; j < keys; j++) {
                        sum += mask.sees(b, h, i, j) ? Math.exp(q.get(b, i, h) * k.get(b, j, h)) : 0;
                    }
                    for (int j = 0; j < keys; j++) {
                        double seen = mask.sees(b, h, i, j) ? Math.exp(q.get(b, i, h) * k.get(b, j, h)) / sum : 0;
                        assertThat(weights.get(b, h, i, j)).isCloseTo(seen, within(1e-12));
                    }
                }
            }
        }
    }

    @Test
    void gradients() {
        var attention = new ScaledDotProductAttention(2, new SlidingWindow(2));
        GradientCheck.of(
                        x -> attention.apply(x[0], x[1], x[2]).out(),
                        normal(1, 1, 3, 4),
                        normal(2, 1, 3, 2),
                        normal(3, 1, 3, 2))
                .requirePass();
    }

    @Test
    void badInput() {
        assertThatThrownBy(() -> new ScaledDotProductAttention(0, KeyMask.full()))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> new ScaledDotProductAttention(1, null)).isInstanceOf(ConfigException.class);
    }
}
