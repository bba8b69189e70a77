package gradus.layers.attention;

import static gradus.error.ConfigException.require;

import gradus.layers.position.ScorePosition;
import gradus.tensor.Tensor;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.mask.KeyRanges;
import gradus.tensor.type.DType;
import gradus.tensor.type.Indices;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Scaled dot-product attention, one step after the other, to be read, and to look at the weights:
///
/// `S = Q·Kᵀ/√D`, `P = softmax(S + mask)`, `O = P·V`
///
/// Vaswani et al. 2017, "Attention is all you need", arXiv:1706.03762, section 3.2.1. It keeps all
/// `B·H·T·S` weights; layers use the fused [gradus.tensor.op.Attention], which gives the same without them,
/// unless their positions compute the logits themselves ([ScorePosition]).
///
/// @param heads H, query heads
/// @param mask  which keys each query sees
public record ScaledDotProductAttention(int heads, KeyMask mask) {
    /// @throws gradus.error.ConfigException if there are no heads or no mask
    public ScaledDotProductAttention {
        require(heads >= 1, "ScaledDotProductAttention: heads must be at least 1; got %d", heads);
        require(mask != null, "ScaledDotProductAttention: a mask must be given; got null");
    }

    /// The result of attention, and the weight of each value in it.
    ///
    /// @param out     (B, T, H·D)
    /// @param weights P, (B, H, T, S); each row sums to 1, or to 0 where a query sees nothing
    public record Result(Tensor out, Tensor weights) {}

    /// **Shapes** q (B, T, H·D), k and v (B, S, K·D) with K dividing H
    public Result apply(Tensor q, Tensor k, Tensor v) {
        int headDim = headDim(q);
        Tensor scores = split(q, headDim)
                .matmul(repeated(split(k, headDim)), false, true)
                .div(Math.sqrt(headDim)); // (B, H, T, S)
        Tensor weights = scores.add(hidden(scores)).softmax(); // (B, H, T, S)
        Tensor mixed = weights.matmul(repeated(split(v, headDim))); // (B, H, T, D)
        return new Result(join(mixed), weights); // (B, T, H·D)
    }

    /// Attention in which a position computes the logits, and may add a term to the weighted sum of the
    /// values.
    ///
    /// **Shapes** q (B, T, H·D), k and v (B, S, K·D) with K dividing H
    public Result apply(Tensor q, Tensor k, Tensor v, ScorePosition position) {
        int headDim = headDim(q);
        Tensor scores = position.scores(split(q, headDim), repeated(split(k, headDim))); // (B, H, T, S)
        Tensor weights = scores.add(hidden(scores)).softmax(); // (B, H, T, S)
        Tensor mixed = position.mix(weights, repeated(split(v, headDim))); // (B, H, T, D)
        return new Result(join(mixed), weights); // (B, T, H·D)
    }

    private int headDim(Tensor q) {
        require(
                q.rank() == 3 && q.dim(2) % heads == 0,
                "ScaledDotProductAttention: q must be (B, T, H·D) with %d heads; got %s",
                heads,
                q.shape());
        return q.dim(2) / heads;
    }

    /// Moves the heads to an axis of their own, before the positions.
    ///
    /// **Shapes** x (B, T, N·D) → (B, N, T, D)
    private static Tensor split(Tensor x, int headDim) {
        return x.reshape(x.dim(0), x.dim(1), -1, headDim).transpose(1, 2); // (B, N, T, D)
    }

    /// Puts the heads side by side again.
    ///
    /// **Shapes** x (B, H, T, D) → (B, T, H·D)
    private static Tensor join(Tensor x) {
        return x.transpose(1, 2).reshape(x.dim(0), x.dim(2), -1); // (B, T, H·D)
    }

    /// Repeats each head of keys or values for every query head that shares it: query head h reads key head
    /// `h/(H/K)`.
    ///
    /// **Shapes** x (B, K, S, D) → (B, H, S, D)
    private Tensor repeated(Tensor x) {
        int group = heads / x.dim(1);
        int[] owners = IntStream.range(0, heads).map(h -> h / group).toArray();
        return group == 1 ? x : x.indexSelect(1, Indices.of(owners)); // (B, H, S, D)
    }

    /// 0 where a query sees a key, -∞ where not, once for all sequences or heads that are alike.
    private Tensor hidden(Tensor scores) {
        int batch = mask.bySequence() ? scores.dim(0) : 1;
        int differing = mask.byHead() ? heads : 1;
        int queries = scores.dim(2);
        int keys = scores.dim(3);
        KeyRanges ranges = KeyRanges.of(mask, scores.dim(0), heads, queries, keys);
        double[] values = new double[batch * differing * queries * keys];
        Arrays.setAll(values, at -> {
            int row = at / keys;
            int b = row / queries / differing;
            int h = row / queries % differing;
            return ranges.seen(b, h, row % queries, at % keys) ? 0 : Double.NEGATIVE_INFINITY;
        });
        DType dtype = scores.dtype();
        return Tensor.of(values, batch, differing, queries, keys).to(dtype); // (1 or B, 1 or H, T, S)
    }
}
