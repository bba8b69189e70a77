package gradus.layers.attention;

import static gradus.error.ConfigException.require;

import gradus.tensor.mask.KeyMask;
import gradus.tensor.type.Shape;
import java.util.Arrays;

/// FlashAttention for reading: one head over arrays, tile by tile, never more than a tile of the (T, S)
/// matrix. Dao et al. 2022, arXiv:2205.14135; Dao 2023, arXiv:2307.08691. The fused kernel is the same
/// recurrence.
///
/// The softmax of a row needs the maximum and the sum of the whole row, which nobody has while only some of
/// the keys have been seen. So each row keeps the maximum m, the sum l of exponentials and the weighted sum
/// A of values so far, all three relative to m. A tile of logits S with values V brings
///
/// `m′ = max(m, max S)`, `P = exp(S - m′)`, `α = exp(m - m′)`, `l′ = α·l + Σ P`, `A′ = α·A + P·V`
///
/// and in the end `O = A/l` and `L = m + ln l`, the log-sum-exp. The backward computes `P = exp(S - L)`
/// again, tile by tile, and with `δ = Σ dO·O`: `dV += Pᵀ·dO`, `dS = P∘(dO·Vᵀ - δ)`, `dQ += dS·K/√D`, `dK +=
/// dSᵀ·Q/√D`.
///
/// @param queryTile queries of a tile
/// @param keyTile   keys of a tile
/// @param mask      which keys each query sees
public record FlashAttention(int queryTile, int keyTile, KeyMask mask) {
    /// @throws gradus.error.ConfigException if a tile is empty
    public FlashAttention {
        require(
                queryTile >= 1 && keyTile >= 1,
                "FlashAttention: tiles must have at least 1 query and 1 key; got %d and %d",
                queryTile,
                keyTile);
        require(mask != null, "FlashAttention: a mask must be given; got null");
    }

    /// @param out    O, (T, D)
    /// @param logSum L, (T), -∞ where a query sees nothing
    public record Result(double[][] out, double[] logSum) {}

    /// @param dq (T, D)
    /// @param dk (S, D)
    /// @param dv (S, D)
    public record Gradients(double[][] dq, double[][] dk, double[][] dv) {}

    /// **Shapes** q (T, D), k and v (S, D)
    public Result forward(double[][] q, double[][] k, double[][] v) {
        int queries = q.length;
        int keys = k.length;
        int d = q[0].length;
        boolean[] seen = mask.dense(Shape.of(1, 1, queries, keys));
        double[][] a = new double[queries][d];
        double[] m = new double[queries];
        double[] l = new double[queries];
        Arrays.fill(m, Double.NEGATIVE_INFINITY);
        for (int i0 = 0; i0 < queries; i0 += queryTile) {
            for (int j0 = 0; j0 < keys; j0 += keyTile) {
                int to = Math.min(j0 + keyTile, keys); // the last tile may be ragged
                for (int i = i0; i < Math.min(i0 + queryTile, queries); i++) {
                    double[] s = logits(q[i], k, j0, to, seen, i * keys);
                    double max = Math.max(m[i], Arrays.stream(s).max().orElseThrow());
                    if (max == Double.NEGATIVE_INFINITY) {
                        continue; // nothing seen so far: -∞ - (-∞) would be NaN
                    }
                    double alpha = Math.exp(m[i] - max);
                    l[i] *= alpha;
                    for (int c = 0; c < d; c++) {
                        a[i][c] *= alpha;
                    }
                    for (int j = j0; j < to; j++) {
                        double p = Math.exp(s[j - j0] - max);
                        l[i] += p;
                        addTo(a[i], p, v[j]);
                    }
                    m[i] = max;
                }
            }
        }
        double[] logSum = new double[queries];
        for (int i = 0; i < queries; i++) {
            logSum[i] = m[i] + Math.log(l[i]);
            for (int c = 0; c < d && l[i] > 0; c++) {
                a[i][c] /= l[i];
            }
        }
        return new Result(a, logSum);
    }

    /// **Shapes** q (T, D), k and v (S, D), dout (T, D)
    ///
    /// @param result what [#forward] gave
    public Gradients backward(double[][] q, double[][] k, double[][] v, Result result, double[][] dout) {
        int queries = q.length;
        int keys = k.length;
        int d = q[0].length;
        boolean[] seen = mask.dense(Shape.of(1, 1, queries, keys));
        Gradients g = new Gradients(new double[queries][d], new double[keys][d], new double[keys][d]);
        for (int i0 = 0; i0 < queries; i0 += queryTile) {
            for (int j0 = 0; j0 < keys; j0 += keyTile) {
                int to = Math.min(j0 + keyTile, keys);
                for (int i = i0; i < Math.min(i0 + queryTile, queries); i++) {
                    if (result.logSum[i] == Double.NEGATIVE_INFINITY) {
                        continue; // saw nothing
                    }
                    double delta = dot(dout[i], result.out[i]);
                    double[] s = logits(q[i], k, j0, to, seen, i * keys);
                    for (int j = j0; j < to; j++) {
                        double p = Math.exp(s[j - j0] - result.logSum[i]);
                        double ds = p * (dot(dout[i], v[j]) - delta) / Math.sqrt(d);
                        addTo(g.dv[j], p, dout[i]);
                        addTo(g.dq[i], ds, k[j]);
                        addTo(g.dk[j], ds, q[i]);
                    }
                }
            }
        }
        return g;
    }

    /// The logits of one query and the keys of a tile, -∞ where it does not see one.
    private static double[] logits(double[] q, double[][] k, int from, int to, boolean[] seen, int row) {
        double[] s = new double[to - from];
        for (int j = from; j < to; j++) {
            s[j - from] = seen[row + j] ? dot(q, k[j]) / Math.sqrt(q.length) : Double.NEGATIVE_INFINITY;
        }
        return s;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int c = 0; c < a.length; c++) {
            sum += a[c] * b[c];
        }
        return sum;
    }

    private static void addTo(double[] y, double factor, double[] x) {
        for (int c = 0; c < y.length; c++) {
            y[c] += factor * x[c];
        }
    }
}
