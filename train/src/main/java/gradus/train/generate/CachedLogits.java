package gradus.train.generate;

import gradus.layers.attention.cache.KvCaches;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.Arrays;

/// The logits of one model for one text after the other, where keys and values of what the texts have in common
/// at their beginning are kept: of the next text only what differs is read. A model that cannot use a cache
/// reads its whole text each time.
final class CachedLogits implements AutoCloseable {
    private final LanguageModel model;
    private KvCaches caches; // null while nothing is kept
    private int[] kept = {}; // the tokens in the caches
    private long read;

    CachedLogits(LanguageModel model) {
        this.model = model;
    }

    /// The logits of the token that follows a text.
    ///
    /// **Shapes** → V
    double[] after(int[] ids) {
        return after(ids, 1)[0];
    }

    /// For each of the last tokens of a text, the logits of the token that follows it.
    ///
    /// **Shapes** → last rows of V
    double[][] after(int[] ids, int last) {
        if (!model.cacheable()) {
            read += ids.length;
            return rows(ids, null, last);
        }
        int same = Arrays.mismatch(kept, ids);
        same = Math.min(same < 0 ? ids.length : same, ids.length - last); // the last ones give the logits
        if (caches == null) {
            caches = model.caches();
        }
        if (same < model.tokensIn(caches)) {
            caches.truncate(model.virtualTokens() + same); // where that cannot be, it removes all
        }
        kept = ids.clone();
        int from = model.tokensIn(caches);
        if (last > 1 && ids.length - last > from) { // of the tokens before the last ones, no logits are needed
            read(Arrays.copyOfRange(ids, from, ids.length - last));
            from = ids.length - last;
        }
        int[] fresh = Arrays.copyOfRange(ids, from, ids.length);
        read += fresh.length;
        return rows(fresh, caches, last);
    }

    private void read(int[] ids) {
        read += ids.length;
        rows(ids, caches, 1);
    }

    private double[][] rows(int[] ids, KvCaches where, int last) {
        Indices row = Indices.of(Shape.of(1, ids.length), ids);
        try (var scope = Scope.open()) {
            if (last == 1) {
                return NextLogits.rows(where == null ? model.lastLogits(row) : model.lastLogits(row, where)); // (1, V)
            }
            Tensor all = where == null ? model.forward(row) : model.forward(row, where); // (1, T, V)
            double[][] rows = NextLogits.rows(all.reshape(ids.length, model.vocabSize()));
            return Arrays.copyOfRange(rows, ids.length - last, ids.length);
        }
    }

    /// How many tokens the model has read so far.
    long read() {
        return read;
    }

    /// Frees the memory of the caches; the next text is read from its beginning.
    @Override
    public void close() {
        if (caches != null) {
            caches.clear();
        }
        caches = null;
        kept = new int[0];
    }
}
