package gradus.layers.position;

import gradus.tensor.DType;
import gradus.tensor.Indices;
import gradus.tensor.Tensor;
import gradus.tensor.kernel.AttentionShape;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.mask.KeyRanges;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Attention with its logits in the open, for positions that put more into them than a bias. It keeps the
/// whole (T, S) matrix of every head, so it costs memory that [gradus.tensor.op.Attention] does not.
final class OpenAttention {
    private OpenAttention() {}

    /// Heads as batches.
    ///
    /// **Shapes** x (B, T, N·D) → (B, N, T, D)
    static Tensor split(Tensor x, int headDim) {
        return x.reshape(x.dim(0), x.dim(1), -1, headDim).transpose(1, 2); // (B, N, T, D)
    }

    /// Heads side by side again.
    ///
    /// **Shapes** x (B, N, T, D) → (B, T, N·D)
    static Tensor join(Tensor x) {
        return x.transpose(1, 2).reshape(x.dim(0), x.dim(2), -1); // (B, T, N·D)
    }

    /// Each key head for all the query heads that read it: head h reads `h/(H/K)`.
    ///
    /// **Shapes** x (B, K, S, D) → (B, H, S, D)
    static Tensor shared(Tensor x, int heads) {
        int group = heads / x.dim(1);
        if (group == 1) {
            return x;
        }
        int[] owners = IntStream.range(0, heads).map(h -> h / group).toArray();
        return x.indexSelect(1, Indices.of(owners)); // (B, H, S, D)
    }

    /// The softmax of what a query sees; zeros where it sees nothing.
    ///
    /// **Shapes** logits (B, H, T, S) → (B, H, T, S)
    static Tensor weights(Tensor logits, KeyMask mask) {
        return logits.add(hidden(logits, mask)).softmax(); // (B, H, T, S)
    }

    /// 0 where a query sees a key, -∞ where not, once for all sequences or heads that are alike.
    private static Tensor hidden(Tensor logits, KeyMask mask) {
        int batch = logits.dim(0);
        int heads = logits.dim(1);
        int queries = logits.dim(2);
        int keys = logits.dim(3);
        KeyRanges ranges = new AttentionShape(batch, queries, keys, heads, heads, 1, 1, mask).mask();
        int sequences = mask.bySequence() ? batch : 1;
        int differing = mask.byHead() ? heads : 1;
        double[] values = new double[sequences * differing * queries * keys];
        Arrays.setAll(values, at -> {
            int row = at / keys;
            int b = row / queries / differing;
            int h = row / queries % differing;
            return ranges.seen(b, h, row % queries, at % keys) ? 0 : Double.NEGATIVE_INFINITY;
        });
        DType dtype = logits.dtype();
        return Tensor.of(values, sequences, differing, queries, keys).to(dtype); // (1 or B, 1 or H, T, S)
    }
}
