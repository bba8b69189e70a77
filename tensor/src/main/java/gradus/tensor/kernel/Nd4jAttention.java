package gradus.tensor.kernel;

import static gradus.tensor.kernel.Nd4jViews.put;

import gradus.tensor.DType;
import gradus.tensor.kernel.Kernels.HeadGradients;
import gradus.tensor.kernel.Nd4jSoftmax.RowExponentials;
import gradus.tensor.memory.Buffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/// Attention as on paper, one head of one sequence after the other, with the whole (T, S) matrix of logits.
final class Nd4jAttention {
    private Nd4jAttention() {}

    static void forward(AttentionShape s, Heads q, Heads k, Heads v, Buffer out, Buffer lse) {
        Heads o = new Heads(out, 0, s.heads() * s.headDim());
        INDArray mask = mask(s, out.dtype());
        for (int b = 0; b < s.batch(); b++) {
            for (int h = 0; h < s.heads(); h++) {
                int shared = h / (s.heads() / s.kvHeads());
                INDArray logits = logits(s, head(s, q, b, s.queries(), h), head(s, k, b, s.keys(), shared), mask);
                RowExponentials row = RowExponentials.of(logits, out.dtype());
                head(s, o, b, s.queries(), h).assign(Nd4j.matmul(row.probabilities(), head(s, v, b, s.keys(), shared)));
                lse(s, lse, b, h).assign(row.logSum());
            }
        }
    }

    static void backward(
            AttentionShape s, Heads q, Heads k, Heads v, Buffer out, Buffer lse, Buffer dout, HeadGradients gradients) {
        Heads o = new Heads(out, 0, s.heads() * s.headDim());
        Heads dO = new Heads(dout, 0, s.heads() * s.headDim());
        INDArray mask = mask(s, out.dtype());
        int group = s.heads() / s.kvHeads();
        for (int b = 0; b < s.batch(); b++) {
            for (int h = 0; h < s.heads(); h++) {
                INDArray qh = head(s, q, b, s.queries(), h); // (T, D)
                INDArray kh = head(s, k, b, s.keys(), h / group); // (S, D)
                INDArray vh = head(s, v, b, s.keys(), h / group); // (S, D)
                INDArray upstream = head(s, dO, b, s.queries(), h); // (T, D)
                INDArray logSum = Transforms.max(lse(s, lse, b, h), Nd4jViews.lowest(out.dtype()), true);
                INDArray p = Transforms.exp(logits(s, qh, kh, mask).sub(logSum), false); // (T, S)
                INDArray delta = upstream.mul(head(s, o, b, s.queries(), h)).sum(true, 1); // (T, 1)
                INDArray dS =
                        p.mul(Nd4j.matmul(upstream, vh.transpose()).sub(delta)).muli(s.scale()); // (T, S)
                boolean add = gradients.accumulate();
                boolean addShared = add || h % group > 0; // heads that share a key head add up
                put(Nd4j.matmul(dS, kh), head(s, gradients.dq(), b, s.queries(), h), add);
                put(Nd4j.matmul(dS.transpose(), qh), head(s, gradients.dk(), b, s.keys(), h / group), addShared);
                put(Nd4j.matmul(p.transpose(), upstream), head(s, gradients.dv(), b, s.keys(), h / group), addShared);
            }
        }
    }

    private static INDArray logits(AttentionShape s, INDArray q, INDArray k, INDArray mask) {
        return Nd4j.matmul(q, k.transpose()).muli(s.scale()).add(mask); // (T, S)
    }

    /// 0 where a query sees a key, else -∞.
    private static INDArray mask(AttentionShape s, DType type) {
        double[] mask = new double[s.queries() * s.keys()];
        for (int i = 0; i < s.queries(); i++) {
            int from = s.mask().from(i, s.queries(), s.keys());
            int to = s.mask().to(i, s.queries(), s.keys());
            for (int j = 0; j < s.keys(); j++) {
                mask[i * s.keys() + j] = from <= j && j < to ? 0 : Double.NEGATIVE_INFINITY;
            }
        }
        return Nd4jViews.numbers(mask, type).reshape(s.queries(), s.keys());
    }

    /// The (time, D) matrix of one head.
    private static INDArray head(AttentionShape s, Heads heads, int b, int time, int h) {
        int offset = heads.offset() + b * time * heads.stride() + h * s.headDim();
        return heads.buffer().ndarray(offset, new int[] {time, s.headDim()}, new int[] {heads.stride(), 1});
    }

    /// The (T, 1) column of one head's log-sum-exps.
    private static INDArray lse(AttentionShape s, Buffer lse, int b, int h) {
        return lse.ndarray((b * s.heads() + h) * s.queries(), new int[] {s.queries(), 1}, new int[] {1, 1});
    }
}
