package gradus.tensor.op;

import gradus.tensor.Draw;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.mask.Query;
import java.util.Arrays;

/// Attention as loops over single numbers, and as plain tensor operations, for some masks that it knows.
final class AttentionOracle {
    /// A query sees itself and one key before and after; query 1 sees nothing.
    static final KeyMask WINDOW = query -> {
        if (query.index() != 1) {
            query.sees(Math.clamp(query.index() - 1, 0, query.keys()), Math.min(query.index() + 2, query.keys()));
        }
    };

    /// Every other key, by head and sequence the even or the odd ones.
    static final KeyMask TEETH = new KeyMask() {
        @Override
        public void see(Query query) {
            for (int key = (query.sequence() + query.head() + query.index()) % 2; key < query.keys(); key += 2) {
                query.sees(key);
            }
        }

        @Override
        public boolean bySequence() {
            return true;
        }

        @Override
        public boolean byHead() {
            return true;
        }
    };

    /// The sizes of an attention: B, T, S, H, K, D.
    record Sizes(int batch, int queries, int keys, int heads, int kvHeads, int headDim) {
        Tensor q(long seed) {
            return Draw.normal(seed, batch, queries, heads * headDim);
        }

        Tensor kv(long seed) {
            return Draw.normal(seed, batch, keys, kvHeads * headDim);
        }
    }

    private AttentionOracle() {}

    static double[] loop(Sizes s, Tensor q, Tensor k, Tensor v, KeyMask mask) {
        return loop(s, 1 / Math.sqrt(s.headDim), null, q, k, v, mask);
    }

    static double[] loop(Sizes s, double scale, Tensor bias, Tensor q, Tensor k, Tensor v, KeyMask mask) {
        int d = s.headDim;
        double[] out = new double[q.size()];
        for (int b = 0; b < s.batch; b++) {
            for (int h = 0; h < s.heads; h++) {
                int shared = h / (s.heads / s.kvHeads);
                for (int i = 0; i < s.queries; i++) {
                    double[] weights = weights(s, scale, bias, q, k, mask, new int[] {b, h, i});
                    double sum = Arrays.stream(weights).sum();
                    for (int j = 0; j < s.keys; j++) {
                        for (int c = 0; c < d; c++) {
                            out[(b * s.queries + i) * s.heads * d + h * d + c] +=
                                    weights[j] == 0 ? 0 : weights[j] / sum * v.get(b, j, shared * d + c);
                        }
                    }
                }
            }
        }
        return out;
    }

    static double[] logSums(Sizes s, double scale, Tensor bias, Tensor q, Tensor k, KeyMask mask) {
        double[] sums = new double[s.batch * s.heads * s.queries];
        for (int at = 0; at < sums.length; at++) {
            int[] place = {at / s.queries / s.heads, at / s.queries % s.heads, at % s.queries};
            sums[at] = Math.log(
                    Arrays.stream(weights(s, scale, bias, q, k, mask, place)).sum());
        }
        return sums;
    }

    /// `exp(logit)` of every key for a query at (b, h, i), 0 where it is not seen.
    static double[] weights(Sizes s, double scale, Tensor bias, Tensor q, Tensor k, KeyMask mask, int[] place) {
        int d = s.headDim;
        int h = place[1];
        int i = place[2];
        boolean[] seen = seen(s, mask);
        double[] weights = new double[s.keys];
        for (int j = 0; j < s.keys; j++) {
            if (seen[((place[0] * s.heads + h) * s.queries + i) * s.keys + j]) {
                double dot = 0;
                for (int c = 0; c < d; c++) {
                    dot += q.get(place[0], i, h * d + c) * k.get(place[0], j, h / (s.heads / s.kvHeads) * d + c);
                }
                weights[j] = Math.exp(dot * scale + (bias == null ? 0 : bias.get(h, j - i + s.queries - 1)));
            }
        }
        return weights;
    }

    /// Who sees whom, said independently of the masks.
    static boolean[] seen(Sizes s, KeyMask mask) {
        boolean[] seen = new boolean[s.batch * s.heads * s.queries * s.keys];
        for (int at = 0; at < seen.length; at++) {
            int j = at % s.keys;
            int i = at / s.keys % s.queries;
            int h = at / s.keys / s.queries % s.heads;
            int b = at / s.keys / s.queries / s.heads;
            seen[at] = mask == KeyMask.full()
                    || mask == KeyMask.causal() && j <= i + s.keys - s.queries
                    || mask == WINDOW && i != 1 && Math.abs(i - j) <= 1
                    || mask == TEETH && (b + h + i + j) % 2 == 0;
        }
        return seen;
    }

    static Tensor unfused(Sizes s, Tensor q, Tensor k, Tensor v, KeyMask mask) {
        int d = s.headDim;
        boolean[] seen = seen(s, mask);
        Tensor[] outputs = new Tensor[s.heads];
        for (int h = 0; h < s.heads; h++) {
            int head = h;
            int each = s.queries * s.keys;
            Tensor hidden = Draw.tensor(
                    i -> seen[(i / each * s.heads + head) * each + i % each] ? 0 : Double.NEGATIVE_INFINITY,
                    s.batch,
                    s.queries,
                    s.keys);
            int shared = h / (s.heads / s.kvHeads);
            Tensor queries = q.slice(2, h * d, h * d + d); // (B, T, D)
            Tensor keys = k.slice(2, shared * d, shared * d + d); // (B, S, D)
            Tensor values = v.slice(2, shared * d, shared * d + d); // (B, S, D)
            Tensor scores = queries.matmul(keys, false, true).div(Math.sqrt(d)).add(hidden); // (B, T, S)
            outputs[h] = scores.softmax().matmul(values); // (B, T, D)
        }
        return Tensor.concat(2, outputs);
    }
}
