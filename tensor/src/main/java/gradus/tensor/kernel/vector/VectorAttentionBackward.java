package gradus.tensor.kernel.vector;

import static gradus.tensor.kernel.vector.Lanes.W;
import static gradus.tensor.kernel.vector.Lanes.broadcast;
import static gradus.tensor.kernel.vector.Lanes.expOfNegative;
import static gradus.tensor.kernel.vector.Lanes.get;
import static gradus.tensor.kernel.vector.Lanes.load;
import static gradus.tensor.kernel.vector.Lanes.set;
import static gradus.tensor.kernel.vector.Lanes.store;
import static gradus.tensor.kernel.vector.Lanes.tail;
import static gradus.tensor.kernel.vector.VectorAttention.KEYS;
import static gradus.tensor.kernel.vector.VectorAttention.QUERIES;
import static gradus.tensor.kernel.vector.VectorAttention.address;

import gradus.tensor.kernel.AttentionKernels.AttentionInput;
import gradus.tensor.kernel.AttentionKernels.AttentionOutput;
import gradus.tensor.kernel.AttentionKernels.AttentionShape;
import gradus.tensor.kernel.AttentionKernels.HeadGradients;
import gradus.tensor.kernel.Strided;
import gradus.tensor.kernel.vector.VectorAttention.Head;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/// The backward of [VectorAttention] over the same tiles: the probabilities of a tile are computed again
/// from the log-sum-exp of their rows, `P = exp(S - L)`, used and forgotten.
final class VectorAttentionBackward {
    private VectorAttentionBackward() {}

    static void backward(
            AttentionShape s, AttentionInput in, AttentionOutput saved, AttentionOutput upstream, HeadGradients g) {
        int group = s.heads() / s.kvHeads();
        int items = s.batch() * s.kvHeads();
        boolean biased = in.bias() != null && g.dbias() != null;
        Buffer partial = biased ? in.bias().like(s.batch() * s.heads() * s.distances()) : null; // (B, H, T+S-1)
        AttentionInput gradients = new AttentionInput(g.dq(), g.dk(), g.dv());
        Parallel.run((part, parts) -> {
            // The query heads of one key head add to the same dk and dv, so they stay on one thread, in order.
            for (int item = part; item < items; item += parts) {
                int b = item / s.kvHeads();
                int kv = item % s.kvHeads();
                if (!g.accumulate()) {
                    clear(address(g.dk(), b, kv, s.headDim()), g.dk().stride(), s.keys(), s.headDim());
                    clear(address(g.dv(), b, kv, s.headDim()), g.dv().stride(), s.keys(), s.headDim());
                }
                for (int h = kv * group; h < (kv + 1) * group; h++) {
                    long dbias = biased ? partial.address() + 4L * (b * s.heads() + h) * s.distances() : 0;
                    if (biased) {
                        Lanes.zero(dbias, 4L * s.distances());
                    }
                    Head head = Head.of(s, in, saved, b, h);
                    Head gradient = Head.of(s, gradients, upstream, b, h);
                    for (int first = 0; first < s.queries(); first += QUERIES) {
                        block(s, in, g, head, gradient, dbias, first);
                    }
                }
            }
        });
        if (biased) {
            sumOverSequences(s, partial, g.dbias());
            partial.release("the kernel that used it is through");
        }
    }

    private static void sumOverSequences(AttentionShape s, Buffer partial, Destination dbias) {
        int each = s.heads() * s.distances();
        Strided repeat = new Strided(new int[] {s.batch(), each}, 0, new int[] {0, 1});
        new VectorReductions().sumTo(partial, repeat, 1, dbias);
    }

    private static void block(
            AttentionShape s, AttentionInput in, HeadGradients g, Head head, Head gradient, long dbias, int first) {
        int d = s.headDim();
        int rows = Math.min(QUERIES, s.queries() - first);
        int outStride = s.heads() * d;
        int qStride = in.q().stride();
        int kStride = in.k().stride();
        KeyBlock block = new KeyBlock(s, head.b(), head.h(), first, rows);
        float scale = (float) s.scale();
        long p = Scratch.floats(2L * QUERIES * KEYS + QUERIES);
        long dp = p + 4L * QUERIES * KEYS;
        long deltas = dp + 4L * QUERIES * KEYS;
        long dout = gradient.out() + 4L * first * outStride;
        long out = head.out() + 4L * first * outStride;
        long qs = head.q() + 4L * first * qStride;
        long dq = gradient.q() + 4L * first * g.dq().stride();
        if (block.runs() == 0 && !g.accumulate()) {
            clear(dq, g.dq().stride(), rows, d);
        }
        for (int i = 0; i < rows; i++) {
            float delta = VectorRuns.dot(dout + 4L * i * outStride, out + 4L * i * outStride, d);
            float dlse = gradient.lse() == 0 ? 0 : get(gradient.lse() + 4L * (first + i));
            set(deltas + 4L * i, delta - dlse);
        }
        boolean begun = g.accumulate();
        for (int run = 0; run < block.runs(); run++) {
            for (int start = block.from(run); start < block.to(run); start += KEYS) {
                int n = Math.min(KEYS, block.to(run) - start);
                int stride = VectorAttention.stride(n);
                long ks = head.k() + 4L * start * kStride;
                long vs = head.v() + 4L * start * in.v().stride();
                long dk = gradient.k() + 4L * start * g.dk().stride();
                long dv = gradient.v() + 4L * start * g.dv().stride();
                Blas.sgemm(false, true, rows, n, d, scale, qs, qStride, ks, kStride, 0, p, stride);
                Blas.sgemm(
                        false, true, rows, n, d, 1, dout, outStride, vs, in.v().stride(), 0, dp, stride);
                for (int i = 0; i < rows; i++) {
                    float lse = get(head.lse() + 4L * (first + i));
                    int segments = block.segments(i, start, n);
                    if (lse == Float.NEGATIVE_INFINITY) {
                        segments = 0;
                    }
                    long pRow = p + 4L * i * stride;
                    long dpRow = dp + 4L * i * stride;
                    VectorAttention.addBias(s, head, pRow, block, segments, first + i, start);
                    block.zeroOutside(pRow, segments, n);
                    block.zeroOutside(dpRow, segments, n);
                    for (int segment = 0; segment < segments; segment++) {
                        int low = block.low(segment);
                        int width = block.high(segment) - low;
                        softmaxBackward(pRow + 4L * low, dpRow + 4L * low, width, lse, get(deltas + 4L * i));
                        if (dbias != 0) {
                            long entries = VectorAttention.distance(s, dbias, first + i, start + low);
                            VectorRuns.affine(dpRow + 4L * low, 1, 0, entries, width, Lanes.ALL);
                        }
                    }
                }
                float beta = begun ? 1 : 0;
                Blas.sgemm(true, false, n, d, rows, 1, p, stride, dout, outStride, 1, dv, g.dv().stride());
                Blas.sgemm(false, false, rows, d, n, scale, dp, stride, ks, kStride, beta, dq, g.dq().stride());
                Blas.sgemm(true, false, n, d, rows, scale, dp, stride, qs, qStride, 1, dk, g.dk().stride());
                begun = true;
            }
        }
    }

    /// `p = exp(s - lse)` over the logits s, and `ds = p(dp - delta)` over dp.
    private static void softmaxBackward(long p, long dp, int n, float lse, float delta) {
        FloatVector l = broadcast(lse);
        FloatVector c = broadcast(delta);
        int whole = n - n % W;
        long end = 4L * whole;
        for (int i = 0; i < whole; i += W) {
            long at = 4L * i;
            FloatVector e = expOfNegative(load(p + at).sub(l));
            store(p + at, e);
            store(dp + at, load(dp + at).sub(c).mul(e));
        }
        if (n % W != 0) {
            VectorMask<Float> rest = tail(n % W);
            FloatVector e = expOfNegative(load(p + end, rest).sub(l));
            store(p + end, e, rest);
            store(dp + end, load(dp + end, rest).sub(c).mul(e), rest);
        }
    }

    private static void clear(long address, int stride, int rows, int columns) {
        for (int i = 0; i < rows; i++) {
            Lanes.zero(address + 4L * i * stride, 4L * columns);
        }
    }
}
