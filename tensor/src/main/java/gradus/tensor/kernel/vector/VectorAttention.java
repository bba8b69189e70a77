package gradus.tensor.kernel.vector;

import static gradus.tensor.kernel.vector.Lanes.get;
import static gradus.tensor.kernel.vector.Lanes.set;

import gradus.tensor.kernel.AttentionKernels;
import gradus.tensor.kernel.AttentionKernels.AttentionInput;
import gradus.tensor.kernel.AttentionKernels.AttentionOutput;
import gradus.tensor.kernel.AttentionKernels.AttentionShape;
import gradus.tensor.kernel.AttentionKernels.Heads;

/// The FlashAttention recurrence (Dao et al. 2022, arXiv:2205.14135) with BLAS for the products.
///
/// A block of 64 queries meets the keys in tiles of 512. The tile of logits, 64×512 floats or 128 KB, stays
/// in the second cache while it is made by one product, rotated into exponentials and used by the next, and
/// it is all that is ever held of the T×T matrix: memory grows with T, not T². For each query the running
/// maximum m and sum l of the exponentials are kept; a new tile with a larger maximum m′ scales what was
/// summed so far by `exp(m - m′)`.
///
/// Only the runs of keys that the mask leaves to a block of queries are visited, so a causal mask halves
/// the work and a window makes it linear.
final class VectorAttention implements AttentionKernels {
    static final int QUERIES = 64;
    static final int KEYS = 512;

    /// One head of one sequence: addresses of its first elements, of each query's log-sum-exp, and of its
    /// row of the bias, or 0.
    record Head(int b, int h, long q, long k, long v, long bias, long out, long lse) {
        static Head of(AttentionShape s, AttentionInput in, AttentionOutput out, int b, int h) {
            int kv = h / (s.heads() / s.kvHeads());
            long outs = out.out().address() + 4 * ((long) b * s.queries() * s.heads() + h) * s.headDim();
            long lses = out.lse() == null ? 0 : out.lse().address() + 4L * ((long) b * s.heads() + h) * s.queries();
            return new Head(
                    b,
                    h,
                    address(in.q(), b, h, s.headDim()),
                    address(in.k(), b, kv, s.headDim()),
                    address(in.v(), b, kv, s.headDim()),
                    in.bias() == null ? 0 : in.bias().address() + 4L * h * s.distances(),
                    outs,
                    lses);
        }
    }

    static long address(Heads heads, int b, int h, int headDim) {
        return heads.buffer().address() + 4 * (heads.offset() + (long) b * heads.batchStride() + (long) h * headDim);
    }

    @Override
    public void attention(AttentionShape s, AttentionInput in, AttentionOutput out) {
        out.out().changed();
        if (VectorOneQuery.fits(s)) {
            VectorOneQuery.attention(s, in, out);
            return;
        }
        int blocks = (s.queries() + QUERIES - 1) / QUERIES;
        int items = s.batch() * s.heads() * blocks;
        Parallel.run((part, parts) -> {
            // Under a causal mask later blocks cost more: dealing them out in turn keeps the threads even.
            for (int item = part; item < items; item += parts) {
                int pair = item / blocks;
                int first = item % blocks * QUERIES;
                Head head = Head.of(s, in, out, pair / s.heads(), pair % s.heads());
                block(s, in, head, first, Math.min(QUERIES, s.queries() - first));
            }
        });
    }

    @Override
    public void attentionBackward(
            AttentionShape s, AttentionInput in, AttentionOutput saved, AttentionOutput upstream, HeadGradients g) {
        VectorAttentionBackward.backward(s, in, saved, upstream, g);
    }

    private static void block(AttentionShape s, AttentionInput in, Head head, int first, int rows) {
        int d = s.headDim();
        int outStride = s.heads() * d;
        KeyBlock block = new KeyBlock(s, head.b, head.h, first, rows);
        long logits = Scratch.floats((long) QUERIES * KEYS + 2 * QUERIES);
        long maxima = logits + 4L * QUERIES * KEYS;
        long sums = maxima + 4L * QUERIES;
        long out = head.out + 4L * first * outStride;
        long qs = head.q + 4L * first * in.q().stride();
        for (int i = 0; i < rows; i++) {
            set(maxima + 4L * i, Float.NEGATIVE_INFINITY);
            set(sums + 4L * i, 0);
            if (block.runs() == 0) {
                Lanes.zero(out + 4L * i * outStride, 4L * d);
            }
        }
        boolean begun = false;
        for (int run = 0; run < block.runs(); run++) {
            for (int start = block.from(run); start < block.to(run); start += KEYS) {
                int n = Math.min(KEYS, block.to(run) - start);
                int stride = stride(n);
                long ks = head.k + 4L * start * in.k().stride();
                logits(qs, in.q().stride(), ks, in.k().stride(), rows, n, d, (float) s.scale(), logits, stride);
                for (int i = 0; i < rows; i++) {
                    int segments = block.segments(i, start, n);
                    long row = logits + 4L * i * stride;
                    addBias(s, head, row, block, segments, first + i, start);
                    float factor = exponentials(row, block, segments, n, maxima + 4L * i, sums + 4L * i);
                    if (begun && factor != 1) {
                        VectorSoftmax.scaleRow(out + 4L * i * outStride, d, factor);
                    }
                }
                long vs = head.v + 4L * start * in.v().stride();
                values(logits, stride, vs, in.v().stride(), rows, n, d, begun, out, outStride);
                begun = true;
            }
        }
        for (int i = 0; i < rows; i++) {
            finish(out + 4L * i * outStride, d, get(maxima + 4L * i), get(sums + 4L * i), head.lse + 4L * (first + i));
        }
    }

    /// Divides the row of a query by the sum of its exponentials, and writes its log-sum-exp.
    static void finish(long out, int d, float maximum, float sum, long lse) {
        if (sum > 0) {
            VectorSoftmax.scaleRow(out, d, 1 / sum);
        }
        set(lse, sum == 0 ? Float.NEGATIVE_INFINITY : (float) (maximum + StrictMath.log(sum)));
    }

    /// `scale·Q·Kᵀ`. One query, as a step of generation has, is too little for BLAS, which would copy the
    /// keys first.
    private static void logits(
            long q, int qStride, long k, int kStride, int rows, int n, int d, float scale, long logits, int stride) {
        if (rows == 1) {
            VectorFewRows.products(q, k, 4L * kStride, n, d, scale, logits);
        } else {
            Blas.sgemm(false, true, rows, n, d, scale, q, qStride, k, kStride, 0, logits, stride);
        }
    }

    /// `P·V`, or adds it to what is there.
    private static void values(
            long p, int stride, long v, int vStride, int rows, int n, int d, boolean add, long out, int outStride) {
        if (rows == 1) {
            VectorFewRows.combine(p, v, 4L * vStride, n, d, add, out);
        } else {
            Blas.sgemm(false, false, rows, d, n, 1, p, stride, v, vStride, add ? 1 : 0, out, outStride);
        }
    }

    /// Adds the bias to the visible logits of a query. It goes by the distance `j - i`, so the entries of
    /// neighbouring keys are neighbours.
    static void addBias(AttentionShape s, Head head, long row, KeyBlock block, int segments, int query, int start) {
        if (head.bias == 0) {
            return;
        }
        long bias = distance(s, head.bias, query, start);
        for (int segment = 0; segment < segments; segment++) {
            int low = block.low(segment);
            VectorRuns.affine(bias + 4L * low, 1, 0, row + 4L * low, block.high(segment) - low, Lanes.ALL);
        }
    }

    /// Where the entry for a query and a key lies within a head's row of a bias or its gradient.
    static long distance(AttentionShape s, long bias, int query, int key) {
        return bias + 4L * (key - query + s.queries() - 1);
    }

    /// Rotations the visible logits of a row into exponentials and the others into zeros, and brings the row's
    /// maximum and sum up to date. Returns the factor on what was summed before.
    static float exponentials(long row, KeyBlock block, int segments, int n, long maximum, long sum) {
        float before = get(maximum);
        float max = before;
        for (int segment = 0; segment < segments; segment++) {
            int low = block.low(segment);
            max = Math.max(max, VectorSoftmax.maxRow(row + 4L * low, block.high(segment) - low));
        }
        if (segments == 0 || max == Float.NEGATIVE_INFINITY) {
            Lanes.zero(row, 4L * n);
            return 1;
        }
        float factor = (float) StrictMath.exp(before - max);
        float added = 0;
        for (int segment = 0; segment < segments; segment++) {
            long from = row + 4L * block.low(segment);
            added += VectorSoftmax.expRow(from, block.high(segment) - block.low(segment), max, from);
        }
        block.zeroOutside(row, segments, n);
        set(maximum, max);
        set(sum, get(sum) * factor + added);
        return factor;
    }

    /// Rows of logits begin at cache lines.
    static int stride(int n) {
        return (n + 15) / 16 * 16;
    }
}
