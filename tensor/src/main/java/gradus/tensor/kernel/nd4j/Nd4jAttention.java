package gradus.tensor.kernel.nd4j;

import static gradus.tensor.kernel.nd4j.Nd4jViews.put;
import static gradus.tensor.kernel.nd4j.Nd4jViews.temporarily;

import gradus.tensor.kernel.AttentionKernels;
import gradus.tensor.kernel.AttentionKernels.AttentionInput;
import gradus.tensor.kernel.AttentionKernels.AttentionOutput;
import gradus.tensor.kernel.AttentionKernels.AttentionShape;
import gradus.tensor.kernel.AttentionKernels.Heads;
import gradus.tensor.kernel.nd4j.Nd4jSoftmax.RowExponentials;
import gradus.tensor.memory.Buffer;
import gradus.tensor.memory.Destination;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/// Attention as on paper, one head of one sequence after the other, with the whole (T, S) matrix of logits.
final class Nd4jAttention implements AttentionKernels {
    @Override
    public void attention(AttentionShape shape, AttentionInput in, AttentionOutput out) {
        out.out().changed();
        temporarily(() -> forward(shape, in, out));
    }

    @Override
    public void attentionBackward(
            AttentionShape shape,
            AttentionInput in,
            AttentionOutput saved,
            AttentionOutput upstream,
            HeadGradients gradients) {
        temporarily(() -> backward(shape, in, saved, upstream, gradients));
    }

    private static void forward(AttentionShape s, AttentionInput in, AttentionOutput result) {
        Heads o = output(s, result.out());
        Added added = new Added(s, in.bias(), result.out());
        for (int b = 0; b < s.batch(); b++) {
            for (int h = 0; h < s.heads(); h++) {
                int shared = h / (s.heads() / s.kvHeads());
                INDArray keys = head(s, in.k(), b, s.keys(), shared);
                INDArray logits = logits(s, head(s, in.q(), b, s.queries(), h), keys, added.to(b, h));
                RowExponentials row = RowExponentials.of(logits, result.out().dtype());
                INDArray values = head(s, in.v(), b, s.keys(), shared);
                head(s, o, b, s.queries(), h).assign(Nd4j.matmul(row.probabilities(), values));
                column(s, result.lse(), b, h).assign(row.logSum());
            }
        }
    }

    private static void backward(
            AttentionShape s, AttentionInput in, AttentionOutput saved, AttentionOutput upstream, HeadGradients g) {
        Heads o = output(s, saved.out());
        Heads dO = output(s, upstream.out());
        Added added = new Added(s, in.bias(), saved.out());
        int group = s.heads() / s.kvHeads();
        for (int b = 0; b < s.batch(); b++) {
            for (int h = 0; h < s.heads(); h++) {
                INDArray qh = head(s, in.q(), b, s.queries(), h); // (T, D)
                INDArray kh = head(s, in.k(), b, s.keys(), h / group); // (S, D)
                INDArray vh = head(s, in.v(), b, s.keys(), h / group); // (S, D)
                INDArray dout = head(s, dO, b, s.queries(), h); // (T, D)
                INDArray logSum = Transforms.max(
                        column(s, saved.lse(), b, h),
                        Nd4jViews.lowest(saved.lse().dtype()),
                        true);
                INDArray p = Transforms.exp(logits(s, qh, kh, added.to(b, h)).sub(logSum), false); // (T, S)
                INDArray delta = dout.mul(head(s, o, b, s.queries(), h)).sum(true, 1); // (T, 1)
                if (upstream.lse() != null) {
                    delta.subi(column(s, upstream.lse(), b, h));
                }
                INDArray dS = p.mul(Nd4j.matmul(dout, vh.transpose()).sub(delta)); // (T, S)
                added.addGradient(dS, b, h, g.dbias());
                INDArray scaled = dS.mul(s.scale());
                boolean add = g.accumulate();
                boolean addShared = add || h % group > 0; // heads that share a key head add up
                put(Nd4j.matmul(scaled, kh), head(s, g.dq(), b, s.queries(), h), add);
                put(Nd4j.matmul(scaled.transpose(), qh), head(s, g.dk(), b, s.keys(), h / group), addShared);
                put(Nd4j.matmul(p.transpose(), dout), head(s, g.dv(), b, s.keys(), h / group), addShared);
            }
        }
    }

    private static INDArray logits(AttentionShape s, INDArray q, INDArray k, INDArray added) {
        return Nd4j.matmul(q, k.transpose()).muli(s.scale()).add(added); // (T, S)
    }

    /// What is added to the logits of each head: the bias by distance, and -∞ where a query does not see a
    /// key.
    private static final class Added {
        private final AttentionShape s;
        private final Buffer bias;
        private final Buffer like;
        private INDArray places; // (T·S), where the bias of each query and key stands
        private INDArray mask; // (T, S) of the last head asked for

        Added(AttentionShape s, Buffer bias, Buffer like) {
            this.s = s;
            this.bias = bias;
            this.like = like;
            if (bias != null) {
                int[] distances = new int[s.queries() * s.keys()];
                for (int at = 0; at < distances.length; at++) {
                    distances[at] = at % s.keys() - at / s.keys() + s.queries() - 1;
                }
                places = Nd4jViews.integers(distances);
            }
        }

        INDArray to(int b, int h) {
            if (mask == null || !s.mask().shared()) {
                mask = mask(b, h);
            }
            if (bias == null) {
                return mask;
            }
            INDArray row = bias.view(h * s.distances(), new int[] {s.distances()}, new int[] {1});
            return Nd4jViews.OPS
                    .gather(row, places, 0)
                    .reshape(s.queries(), s.keys())
                    .add(mask);
        }

        private INDArray mask(int b, int h) {
            double[] hidden = new double[s.queries() * s.keys()];
            java.util.Arrays.fill(hidden, Double.NEGATIVE_INFINITY);
            for (int i = 0; i < s.queries(); i++) {
                int row = s.mask().row(b, h, i);
                for (int at = s.mask().start(row); at < s.mask().start(row + 1); at += 2) {
                    java.util.Arrays.fill(
                            hidden,
                            i * s.keys() + s.mask().bound(at),
                            i * s.keys() + s.mask().bound(at + 1),
                            0);
                }
            }
            return Nd4jViews.numbers(hidden, like.dtype()).reshape(s.queries(), s.keys());
        }

        void addGradient(INDArray dS, int b, int h, Destination dbias) {
            if (bias != null && dbias != null) {
                INDArray sums =
                        Nd4jViews.OPS.unsortedSegmentSum(dS.reshape(s.queries() * s.keys()), places, s.distances());
                INDArray row = dbias.buffer().view(h * s.distances(), new int[] {s.distances()}, new int[] {1});
                put(sums, row, dbias.accumulate() || b > 0);
            }
        }
    }

    /// The heads of a contiguous (B, T, H·D).
    private static Heads output(AttentionShape s, Buffer out) {
        int channels = s.heads() * s.headDim();
        return new Heads(out, 0, channels, s.queries() * channels);
    }

    /// The (time, D) matrix of one head.
    private static INDArray head(AttentionShape s, Heads heads, int b, int time, int h) {
        int offset = heads.offset() + b * heads.batchStride() + h * s.headDim();
        return heads.buffer().view(offset, new int[] {time, s.headDim()}, new int[] {heads.stride(), 1});
    }

    /// The (T, 1) column of one head's log-sum-exps.
    private static INDArray column(AttentionShape s, Buffer lse, int b, int h) {
        return lse.view((b * s.heads() + h) * s.queries(), new int[] {s.queries(), 1}, new int[] {1, 1});
    }
}
