package gradus.tensor.kernel.vector;

import static gradus.tensor.kernel.vector.Lanes.get;
import static gradus.tensor.kernel.vector.Lanes.set;

import gradus.tensor.kernel.AttentionKernels.AttentionInput;
import gradus.tensor.kernel.AttentionKernels.AttentionOutput;
import gradus.tensor.kernel.AttentionKernels.AttentionShape;
import gradus.tensor.kernel.vector.VectorAttention.Head;

/// Attention of one query in each sequence, as each step of generation with a cache has it: the recurrence of
/// [VectorAttention], with all heads side by side. What takes the time is reading the keys and values once. Those of
/// all heads at a position are neighbours in memory, so a few positions at a time meet every head, and the cache is
/// read from its beginning to its end. (One head after the other picks 256 bytes out of each 3 KB: 6 GB/s where memory
/// gives 26.)
final class VectorOneQuery {
    private static final int KEYS = 512;

    /// Positions that meet all heads before the next ones do: as many products as [VectorFewRows] makes at once.
    private static final int TOGETHER = 4;

    private VectorOneQuery() {}

    /// Whether it can be done so: one query, and a mask that is the same for all heads.
    static boolean fits(AttentionShape s) {
        return s.queries() == 1 && !s.mask().differsByHead();
    }

    static void attention(AttentionShape s, AttentionInput in, AttentionOutput out) {
        int all = s.batch() * s.kvHeads();
        int group = s.heads() / s.kvHeads();
        Parallel.run((part, parts) -> {
            int from = (int) ((long) all * part / parts);
            int to = (int) ((long) all * (part + 1) / parts);
            while (from < to) { // the key heads of one sequence, or those of them that are this part's
                int b = from / s.kvHeads();
                int end = Math.min(to, (b + 1) * s.kvHeads());
                Head[] heads = new Head[(end - from) * group];
                for (int i = 0; i < heads.length; i++) {
                    heads[i] = Head.of(s, in, out, b, (from - b * s.kvHeads()) * group + i);
                }
                sequence(s, in, heads);
                from = end;
            }
        });
    }

    private static void sequence(AttentionShape s, AttentionInput in, Head[] heads) {
        int d = s.headDim();
        KeyBlock block = new KeyBlock(s, heads[0].b(), heads[0].h(), 0, 1);
        long logits = Scratch.floats((long) heads.length * (KEYS + 2));
        long maxima = logits + 4L * KEYS * heads.length;
        long sums = maxima + 4L * heads.length;
        for (int i = 0; i < heads.length; i++) {
            set(maxima + 4L * i, Float.NEGATIVE_INFINITY);
            set(sums + 4L * i, 0);
            Lanes.zero(heads[i].out(), 4L * d);
        }
        for (int run = 0; run < block.runs(); run++) {
            for (int start = block.from(run); start < block.to(run); start += KEYS) {
                int n = Math.min(KEYS, block.to(run) - start);
                int segments = block.segments(0, start, n);
                logits(s, in, heads, start, n, logits);
                for (int i = 0; i < heads.length; i++) {
                    long row = logits + 4L * KEYS * i;
                    VectorAttention.addBias(s, heads[i], row, block, segments, 0, start);
                    float factor =
                            VectorAttention.exponentials(row, block, segments, n, maxima + 4L * i, sums + 4L * i);
                    if (factor != 1) {
                        VectorSoftmax.scaleRow(heads[i].out(), d, factor);
                    }
                }
                values(s, in, heads, start, n, logits);
            }
        }
        for (int i = 0; i < heads.length; i++) {
            float sum = get(sums + 4L * i);
            VectorAttention.finish(heads[i].out(), d, get(maxima + 4L * i), sum, heads[i].lse());
        }
    }

    /// `scale·q·k` of every head with the n keys from `start` on.
    private static void logits(AttentionShape s, AttentionInput in, Head[] heads, int start, int n, long logits) {
        long stride = 4L * in.k().stride();
        for (int j = 0; j < n; j += TOGETHER) {
            for (int i = 0; i < heads.length; i++) {
                long keys = heads[i].k() + (start + j) * stride;
                int count = Math.min(TOGETHER, n - j);
                long to = logits + 4L * (KEYS * i + j);
                VectorFewRows.products(heads[i].q(), keys, stride, count, s.headDim(), (float) s.scale(), to);
            }
        }
    }

    /// Adds `p·V` of every head over the n values from `start` on.
    private static void values(AttentionShape s, AttentionInput in, Head[] heads, int start, int n, long p) {
        long stride = 4L * in.v().stride();
        for (int j = 0; j < n; j += TOGETHER) {
            for (int i = 0; i < heads.length; i++) {
                long values = heads[i].v() + (start + j) * stride;
                int count = Math.min(TOGETHER, n - j);
                long from = p + 4L * (KEYS * i + j);
                VectorFewRows.combine(from, values, stride, count, s.headDim(), true, heads[i].out());
            }
        }
    }
}
