package gradus.layers.attention;

import static gradus.error.ConfigException.require;

import gradus.tensor.Indices;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import java.util.stream.IntStream;

/// Scaled dot-product attention in the open, one step after the other, for reading and for looking at the
/// weights:
///
/// `S = Q·Kᵀ/√D`, `P = softmax(S + mask)`, `O = P·V`
///
/// Vaswani et al. 2017, "Attention is all you need", arXiv:1706.03762, section 3.2.1. It keeps all
/// `B·H·T·S` weights; layers use the fused [gradus.tensor.op.Attention], which gives the same without them.
///
/// @param heads H, query heads
/// @param mask  who sees whom
public record ScaledDotProductAttention(int heads, KeyMask mask) {
    /// @throws gradus.error.ConfigException if there are no heads or no mask
    public ScaledDotProductAttention {
        require(heads >= 1, "ScaledDotProductAttention: heads must be at least 1; got %d", heads);
        require(mask != null, "ScaledDotProductAttention: a mask must be given; got null");
    }

    /// What came out, and how much of each value is in it.
    ///
    /// @param out     (B, T, H·D)
    /// @param weights P, (B, H, T, S); each row sums to 1, or to 0 where a query sees nothing
    public record Result(Tensor out, Tensor weights) {}

    /// **Shapes** q (B, T, H·D), k and v (B, S, K·D) with K dividing H
    public Result apply(Tensor q, Tensor k, Tensor v) {
        int headDim = q.dim(2) / heads;
        Tensor queries = split(q, headDim); // (B, H, T, D)
        Tensor keys = repeated(split(k, headDim)); // (B, H, S, D)
        Tensor values = repeated(split(v, headDim)); // (B, H, S, D)
        Tensor scores = queries.matmul(keys, false, true).div(Math.sqrt(headDim)); // (B, H, T, S)
        Tensor weights = scores.add(hidden(scores)).softmax(); // (B, H, T, S)
        Tensor mixed = weights.matmul(values, false, false); // (B, H, T, D)
        return new Result(mixed.transpose(1, 2).reshape(q.shape().dims()), weights); // (B, T, H·D)
    }

    private static Tensor split(Tensor x, int headDim) {
        return x.reshape(x.dim(0), x.dim(1), -1, headDim).transpose(1, 2); // (B, N, T, D)
    }

    /// Each head of keys or values as often as query heads share it: query head h reads key head `h /
    /// (H/K)`.
    private Tensor repeated(Tensor x) {
        int group = heads / x.dim(1);
        return x.indexSelect(
                1, Indices.of(IntStream.range(0, heads).map(h -> h / group).toArray())); // (B, H, S, D)
    }

    /// 0 where a query sees a key, else -∞.
    private Tensor hidden(Tensor scores) {
        Shape shape = scores.shape();
        boolean[] seen = mask.dense(shape);
        double[] added = new double[seen.length];
        for (int i = 0; i < seen.length; i++) {
            added[i] = seen[i] ? 0 : Double.NEGATIVE_INFINITY;
        }
        return Tensor.of(added, shape.dims()).to(scores.dtype()); // (B, H, T, S)
    }
}
