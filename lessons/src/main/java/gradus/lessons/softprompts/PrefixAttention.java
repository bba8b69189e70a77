package gradus.lessons.softprompts;

import gradus.layers.position.PlainFrequencies;
import gradus.layers.position.Rope;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;

/// Attention with learnt keys and values in front of those of the text.
public final class PrefixAttention {
    private PrefixAttention() {}

    /// In front of the T keys and values of the text stand P learnt ones, the same for every text of the batch.
    /// **Every** token sees all of them, and of the text itself and what came before it.
    ///
    /// The text's queries and keys are not rotated yet: [#rotate] does it. As with P cached tokens, the text
    /// begins at position P. The learnt keys are taken as they are, **not rotated**, and the values never are.
    ///
    /// There are K key heads, and H queries' heads, a multiple of K: query heads 0 to H/K − 1 use key head 0, the
    /// next H/K key head 1, and so on. The prefix has K heads as well. Scores are divided by √D; the softmax
    /// goes over all P + T keys.
    ///
    /// **Shapes** q (B, H, T, D); k, v (B, K, T, D); prefixKeys, prefixValues (K, P, D) → (B, H, T, D)
    public static Tensor attend(Tensor q, Tensor k, Tensor v, Tensor prefixKeys, Tensor prefixValues) {
        int slots = prefixKeys.dim(1);
        int time = q.dim(2);
        // --- your answer
        int[] shared = new int[q.dim(1)]; // the key head of each query head
        for (int head = 0; head < shared.length; head++) {
            shared[head] = head / (q.dim(1) / k.dim(1));
        }
        Tensor keys = Tensor.concat(2, forAll(prefixKeys, q.dim(0)), rotate(k, slots)); // (B, K, P+T, D)
        Tensor values = Tensor.concat(2, forAll(prefixValues, q.dim(0)), v); // (B, K, P+T, D)
        Tensor queries = rotate(q, slots).div(Math.sqrt(q.dim(3))); // (B, H, T, D)
        Tensor scores = queries.matmul(keys.indexSelect(1, Indices.of(shared)), false, true); // (B, H, T, P+T)
        Tensor hidden = Tensor.ones(time, slots + time).triu(slots + 1); // (T, P+T)
        Tensor weights = scores.maskedFill(hidden, Double.NEGATIVE_INFINITY).softmax();
        return weights.matmul(values.indexSelect(1, Indices.of(shared))); // (B, H, T, D)
        // ---
    }

    /// Rotates the pairs of every head, the first token standing at position `first`.
    ///
    /// **Shapes** x (B, N, T, D) → (B, N, T, D)
    private static Tensor rotate(Tensor x, int first) {
        Tensor rows = x.reshape(x.dim(0) * x.dim(1), x.dim(2), x.dim(3)); // (B·N, T, D)
        Rope rope = new Rope(new PlainFrequencies(10_000));
        return rope.rotate(rows, x.dim(3), first).reshape(x.shape().dims());
    }

    /// The same for each text of the batch.
    ///
    /// **Shapes** x (K, P, D) → (B, K, P, D)
    private static Tensor forAll(Tensor x, int batch) {
        return x.unsqueeze(0).expand(batch, x.dim(0), x.dim(1), x.dim(2));
    }
}
