package gradus.layers.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.attention.ByPosition;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.LinkedHashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/// Attention in loops of plain doubles, with whatever a kind of position does to logits and values put in.
/// Query i of T stands at position `i + S - T` of S; everything here is told by positions.
///
/// @param heads  H
/// @param causal whether queries see no key ahead, else everything
record LoopAttention(int batch, int queries, int keys, int heads, int kvHeads, int headDim, boolean causal) {

    /// The factor and terms that make a logit of a query at position p and a key at position j.
    interface Logit {
        double of(double[] q, double[] k, int h, int p, int j);
    }

    /// What is added to a value.
    interface Value {
        double of(int p, int j, int d);
    }

    Tensor q(long seed) {
        return normal(seed, batch, queries, heads * headDim);
    }

    Tensor kv(long seed) {
        return normal(seed, batch, keys, kvHeads * headDim);
    }

    static Tensor normal(long seed, int... dims) {
        return Tensor.randn(Rng.of(seed), dims).to(DType.FLOAT64);
    }

    KeyMask mask() {
        return causal ? KeyMask.causal() : KeyMask.full();
    }

    /// Lets a position do its work in full, and this loop too, on random inputs.
    void requireSame(Position position, long seed, Logit logit, Value value, double tolerance) {
        Tensor q = q(seed);
        Tensor k = kv(seed + 1);
        Tensor v = kv(seed + 2);
        Tensor out = ByPosition.of(position, q, k, v, heads, mask());
        assertThat(out.shape().dims()).containsExactly(batch, queries, heads * headDim);
        assertThat(out.toArray()).containsExactly(loop(q, k, v, logit, value), within(tolerance));
    }

    double[] loop(Tensor q, Tensor k, Tensor v, Logit logit, Value value) {
        double[] out = new double[q.size()];
        for (int b = 0; b < batch; b++) {
            for (int h = 0; h < heads; h++) {
                int owner = h / (heads / kvHeads);
                for (int i = 0; i < queries; i++) {
                    int p = i + keys - queries;
                    double[] weights = new double[keys];
                    double sum = 0;
                    for (int j = 0; j < (causal ? p + 1 : keys); j++) {
                        weights[j] = Math.exp(logit.of(row(q, b, i, h), row(k, b, j, owner), h, p, j));
                        sum += weights[j];
                    }
                    for (int j = 0; j < keys; j++) {
                        for (int d = 0; d < headDim; d++) {
                            double vj = v.get(b, j, owner * headDim + d) + value.of(p, j, d);
                            out[(b * queries + i) * heads * headDim + h * headDim + d] += weights[j] / sum * vj;
                        }
                    }
                }
            }
        }
        return out;
    }

    private double[] row(Tensor x, int b, int t, int h) {
        double[] row = new double[headDim];
        for (int d = 0; d < headDim; d++) {
            row[d] = x.get(b, t, h * headDim + d);
        }
        return row;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int d = 0; d < a.length; d++) {
            sum += a[d] * b[d];
        }
        return sum;
    }

    /// Queries, keys and values to check gradients by.
    Map<String, Tensor> inputs() {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        inputs.put("q", q(1));
        inputs.put("k", kv(2));
        inputs.put("v", kv(3));
        return inputs;
    }

    /// Small sizes, with keys before the queries, heads that share keys, and head sizes of these.
    static Arbitrary<LoopAttention> sizes(Integer... headDims) {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 2),
                        Arbitraries.integers().between(1, 5),
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.integers().between(1, 2),
                        Arbitraries.integers().between(1, 2),
                        Arbitraries.of(headDims),
                        Arbitraries.of(true, false))
                .as((b, t, cached, kv, group, d, causal) ->
                        new LoopAttention(b, t, t + cached, kv * group, kv, d, causal));
    }
}
