package gradus.tensor.kernel;

import static gradus.tensor.kernel.Lanes.STEP;
import static gradus.tensor.kernel.Lanes.W;
import static gradus.tensor.kernel.Lanes.broadcast;
import static gradus.tensor.kernel.Lanes.expOfNegative;
import static gradus.tensor.kernel.Lanes.get;
import static gradus.tensor.kernel.Lanes.load;
import static gradus.tensor.kernel.Lanes.set;
import static gradus.tensor.kernel.Lanes.store;
import static gradus.tensor.kernel.Lanes.tail;
import static gradus.tensor.kernel.Lanes.zero;

import gradus.tensor.kernel.Kernels.HeadGradients;
import gradus.tensor.memory.Buffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// The FlashAttention recurrence (Dao et al. 2022, arXiv:2205.14135) with BLAS for the products.
///
/// A block of 64 queries meets the keys in blocks of 512. The block of logits, 64×512 floats or 128 KB, stays in the
/// second cache while it is made by one product, turned into exponentials and used by the next, and it is all that is
/// ever held of the T×T matrix: memory grows with T, not T². For each query the running maximum m and sum l of the
/// exponentials are kept; a new block with a larger maximum m′ scales what was summed so far by `exp(m - m′)`.
///
/// Only the key range that the mask leaves to a block of queries is visited, so a causal mask halves the work.
final class VectorAttention {
    private static final int QUERIES = 64;
    private static final int KEYS = 512;

    private VectorAttention() {}

    /// One head of one sequence: addresses of its first elements, and of each query's log-sum-exp.
    private record Head(long q, long k, long v, long out, long lse) {}

    static void forward(AttentionShape s, Heads q, Heads k, Heads v, Buffer out, Buffer lse) {
        int blocks = (s.queries() + QUERIES - 1) / QUERIES;
        int items = s.batch() * s.heads() * blocks;
        int outStride = s.heads() * s.headDim();
        long outs = out.address();
        long lses = lse.address();
        Parallel.run((part, parts) -> {
            // Under a causal mask later blocks cost more: dealing them out in turn keeps the threads even.
            for (int item = part; item < items; item += parts) {
                int pair = item / blocks;
                int first = item % blocks * QUERIES;
                Head head = head(s, q, k, v, outs, outStride, lses, pair / s.heads(), pair % s.heads());
                block(s, q, k, v, head, outStride, first, Math.min(QUERIES, s.queries() - first));
            }
        });
    }

    private static Head head(
            AttentionShape s, Heads q, Heads k, Heads v, long out, int outStride, long lse, int b, int h) {
        int kv = h / (s.heads() / s.kvHeads());
        return new Head(
                address(q, b, s.queries(), h, s.headDim()),
                address(k, b, s.keys(), kv, s.headDim()),
                address(v, b, s.keys(), kv, s.headDim()),
                out + 4 * ((long) b * s.queries() * outStride + (long) h * s.headDim()),
                lse + 4L * ((long) b * s.heads() + h) * s.queries());
    }

    private static long address(Heads heads, int b, int time, int h, int headDim) {
        return heads.buffer().address() + 4 * (heads.offset() + (long) b * time * heads.stride() + (long) h * headDim);
    }

    private static void block(
            AttentionShape s, Heads q, Heads k, Heads v, Head head, int outStride, int first, int rows) {
        int d = s.headDim();
        int from = firstKey(s, first, rows);
        int to = lastKey(s, first, rows);
        long logits = Scratch.floats((long) QUERIES * KEYS + 2 * QUERIES);
        long maxima = logits + 4L * QUERIES * KEYS;
        long sums = maxima + 4L * QUERIES;
        long out = head.out + 4L * first * outStride;
        for (int i = 0; i < rows; i++) {
            set(maxima + 4L * i, Float.NEGATIVE_INFINITY);
            set(sums + 4L * i, 0);
            if (from >= to) {
                Lanes.zero(out + 4L * i * outStride, 4L * d);
            }
        }
        for (int start = from; start < to; start += KEYS) {
            int n = Math.min(KEYS, to - start);
            int stride = stride(n);
            long qs = head.q + 4L * first * q.stride();
            long ks = head.k + 4L * start * k.stride();
            float scale = (float) s.scale();
            Blas.sgemm(false, true, rows, n, d, scale, qs, q.stride(), ks, k.stride(), 0, logits, stride);
            for (int i = 0; i < rows; i++) {
                int low = clamp(s.mask().from(first + i, s.queries(), s.keys()) - start, n);
                int high = clamp(s.mask().to(first + i, s.queries(), s.keys()) - start, n);
                long row = logits + 4L * i * stride;
                float factor = exponentials(row, low, high, n, maxima + 4L * i, sums + 4L * i);
                if (start > from && factor != 1) {
                    VectorSoftmax.scaleRow(out + 4L * i * outStride, d, factor);
                }
            }
            float beta = start > from ? 1 : 0;
            long vs = head.v + 4L * start * v.stride();
            Blas.sgemm(false, false, rows, d, n, 1, logits, stride, vs, v.stride(), beta, out, outStride);
        }
        for (int i = 0; i < rows; i++) {
            float sum = get(sums + 4L * i);
            if (sum > 0) {
                VectorSoftmax.scaleRow(out + 4L * i * outStride, d, 1 / sum);
            }
            float lse = sum == 0 ? Float.NEGATIVE_INFINITY : (float) (get(maxima + 4L * i) + StrictMath.log(sum));
            set(head.lse + 4L * (first + i), lse);
        }
    }

    /// Turns the visible logits of a row into exponentials and the others into zeros, and brings the row's maximum and
    /// sum up to date. Returns the factor on what was summed before.
    private static float exponentials(long row, int low, int high, int n, long maximum, long sum) {
        if (low >= high) {
            Lanes.zero(row, 4L * n);
            return 1;
        }
        float before = get(maximum);
        float max = Math.max(before, VectorSoftmax.maxRow(row + 4L * low, high - low));
        if (max == Float.NEGATIVE_INFINITY) {
            Lanes.zero(row, 4L * n);
            return 1;
        }
        float factor = (float) StrictMath.exp(before - max);
        float added = VectorSoftmax.expRow(row + 4L * low, high - low, max, row + 4L * low);
        zeroOutside(row, low, high, n);
        set(maximum, max);
        set(sum, get(sum) * factor + added);
        return factor;
    }

    static void backward(
            AttentionShape s, Heads q, Heads k, Heads v, Buffer out, Buffer lse, Buffer dout, HeadGradients g) {
        int outStride = s.heads() * s.headDim();
        int group = s.heads() / s.kvHeads();
        int items = s.batch() * s.kvHeads();
        long outs = out.address();
        long douts = dout.address();
        long lses = lse.address();
        Parallel.run((part, parts) -> {
            // The query heads of one key head add to the same dk and dv, so they stay on one thread, in order.
            for (int item = part; item < items; item += parts) {
                int b = item / s.kvHeads();
                int kv = item % s.kvHeads();
                if (!g.accumulate()) {
                    clear(address(g.dk(), b, s.keys(), kv, s.headDim()), g.dk().stride(), s.keys(), s.headDim());
                    clear(address(g.dv(), b, s.keys(), kv, s.headDim()), g.dv().stride(), s.keys(), s.headDim());
                }
                for (int h = kv * group; h < (kv + 1) * group; h++) {
                    Head head = head(s, q, k, v, outs, outStride, lses, b, h);
                    Head gradient = head(s, g.dq(), g.dk(), g.dv(), douts, outStride, lses, b, h);
                    for (int first = 0; first < s.queries(); first += QUERIES) {
                        int rows = Math.min(QUERIES, s.queries() - first);
                        blockBackward(s, q, k, v, g, head, gradient, outStride, first, rows);
                    }
                }
            }
        });
    }

    private static void blockBackward(
            AttentionShape s,
            Heads q,
            Heads k,
            Heads v,
            HeadGradients g,
            Head head,
            Head gradient,
            int outStride,
            int first,
            int rows) {
        int d = s.headDim();
        int from = firstKey(s, first, rows);
        int to = lastKey(s, first, rows);
        float scale = (float) s.scale();
        long p = Scratch.floats(2L * QUERIES * KEYS + QUERIES);
        long dp = p + 4L * QUERIES * KEYS;
        long deltas = dp + 4L * QUERIES * KEYS;
        long dout = gradient.out + 4L * first * outStride;
        long out = head.out + 4L * first * outStride;
        long qs = head.q + 4L * first * q.stride();
        long dq = gradient.q + 4L * first * g.dq().stride();
        if (from >= to && !g.accumulate()) {
            clear(dq, g.dq().stride(), rows, d);
        }
        for (int i = 0; i < rows; i++) {
            set(deltas + 4L * i, dot(dout + 4L * i * outStride, out + 4L * i * outStride, d));
        }
        for (int start = from; start < to; start += KEYS) {
            int n = Math.min(KEYS, to - start);
            int stride = stride(n);
            long ks = head.k + 4L * start * k.stride();
            long vs = head.v + 4L * start * v.stride();
            long dk = gradient.k + 4L * start * g.dk().stride();
            long dv = gradient.v + 4L * start * g.dv().stride();
            Blas.sgemm(false, true, rows, n, d, scale, qs, q.stride(), ks, k.stride(), 0, p, stride);
            Blas.sgemm(false, true, rows, n, d, 1, dout, outStride, vs, v.stride(), 0, dp, stride);
            for (int i = 0; i < rows; i++) {
                int low = clamp(s.mask().from(first + i, s.queries(), s.keys()) - start, n);
                int high = Math.max(low, clamp(s.mask().to(first + i, s.queries(), s.keys()) - start, n));
                float lse = get(head.lse + 4L * (first + i));
                if (lse == Float.NEGATIVE_INFINITY) {
                    high = low;
                }
                long pRow = p + 4L * i * stride;
                long dpRow = dp + 4L * i * stride;
                zeroOutside(pRow, low, high, n);
                zeroOutside(dpRow, low, high, n);
                softmaxBackward(pRow + 4L * low, dpRow + 4L * low, high - low, lse, get(deltas + 4L * i));
            }
            float beta = start > from || g.accumulate() ? 1 : 0;
            Blas.sgemm(true, false, n, d, rows, 1, p, stride, dout, outStride, 1, dv, g.dv().stride());
            Blas.sgemm(false, false, rows, d, n, scale, dp, stride, ks, k.stride(), beta, dq, g.dq().stride());
            Blas.sgemm(true, false, n, d, rows, scale, dp, stride, qs, q.stride(), 1, dk, g.dk().stride());
        }
    }

    /// `p = exp(s - lse)` over the logits s, and `ds = p(dp - delta)` over dp.
    private static void softmaxBackward(long p, long dp, int n, float lse, float delta) {
        FloatVector l = broadcast(lse);
        FloatVector c = broadcast(delta);
        long end = 4L * (n - n % W);
        for (long i = 0; i < end; i += STEP) {
            FloatVector e = expOfNegative(load(p + i).sub(l));
            store(p + i, e);
            store(dp + i, load(dp + i).sub(c).mul(e));
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            FloatVector e = expOfNegative(load(p + end, rest).sub(l));
            store(p + end, e, rest);
            store(dp + end, load(dp + end, rest).sub(c).mul(e), rest);
        }
    }

    private static float dot(long a, long b, int n) {
        FloatVector s = zero();
        long end = 4L * (n - n % W);
        for (long i = 0; i < end; i += STEP) {
            s = load(a + i).fma(load(b + i), s);
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            s = load(a + end, rest).fma(load(b + end, rest), s);
        }
        return Lanes.sum(s);
    }

    private static void zeroOutside(long row, int low, int high, int n) {
        if (low > 0) {
            Lanes.zero(row, 4L * low);
        }
        if (high < n) {
            Lanes.zero(row + 4L * high, 4L * (n - high));
        }
    }

    private static void clear(long address, int stride, int rows, int columns) {
        for (int i = 0; i < rows; i++) {
            Lanes.zero(address + 4L * i * stride, 4L * columns);
        }
    }

    /// Rows of logits begin at cache lines.
    private static int stride(int n) {
        return (n + 15) / 16 * 16;
    }

    private static int clamp(int key, int n) {
        return Math.clamp(key, 0, n);
    }

    private static int firstKey(AttentionShape s, int first, int rows) {
        int key = s.keys();
        for (int i = first; i < first + rows; i++) {
            key = Math.min(key, s.mask().from(i, s.queries(), s.keys()));
        }
        return key;
    }

    private static int lastKey(AttentionShape s, int first, int rows) {
        int key = 0;
        for (int i = first; i < first + rows; i++) {
            key = Math.max(key, s.mask().to(i, s.queries(), s.keys()));
        }
        return key;
    }
}
