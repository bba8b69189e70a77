package gradus.train.generate;

import gradus.layers.attention.cache.KvCaches;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Scope;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The logits of the next token for several texts that grow together. The first call reads the prompts,
/// padded on the left to one length. Later calls read only the last token of each text, since all earlier
/// tokens are in caches.
///
/// Once the longest text no longer fits in the context, and for models that cannot use a cache, each call
/// reads the last tokens of each text again. Beyond the context this cannot be avoided: each new token
/// changes the position of all tokens in the window.
final class NextLogits implements AutoCloseable {
    private static final int PADDING = 0; // any token will do: no query sees it

    private final LanguageModel model;
    private final boolean stepwise;
    private KvCaches caches; // null until the prompts are read
    private List<Text> inCaches = List.of();

    /// @param stepwise whether to use caches
    NextLogits(LanguageModel model, boolean stepwise) {
        this.model = model;
        this.stepwise = stepwise;
    }

    /// **Shapes** → one row of V for each text
    ///
    /// @param texts the texts of the previous call, each with one more token, in any order; some may be
    ///              missing, but none may be new
    double[][] of(List<Text> texts) {
        int longest = texts.stream().mapToInt(Text::length).max().orElseThrow();
        if (!stepwise || longest > model.context()) {
            close();
            return texts.stream().map(this::ofWindow).toArray(double[][]::new);
        }
        if (caches != null && model.room(caches) == 0) { // a longer text, which has ended since, filled the cache
            close();
        }
        Indices ids;
        if (caches == null) {
            int[] paddings =
                    texts.stream().mapToInt(text -> longest - text.length()).toArray();
            caches = model.caches(paddings);
            ids = ids(texts, longest);
        } else {
            follow(texts);
            ids = ids(texts, 1);
        }
        inCaches = new ArrayList<>(texts);
        try (var scope = Scope.open()) {
            return rows(model.lastLogits(ids, caches)); // (B, V)
        }
    }

    /// Keeps only the remaining texts in the caches.
    private void follow(List<Text> texts) {
        if (!texts.equals(inCaches)) {
            caches.reorder(Indices.of(texts.stream().mapToInt(inCaches::indexOf).toArray()));
        }
    }

    private static Indices ids(List<Text> texts, int time) {
        int[] ids = new int[texts.size() * time];
        Arrays.fill(ids, PADDING);
        for (int i = 0; i < texts.size(); i++) {
            int[] last = texts.get(i).last(time);
            System.arraycopy(last, 0, ids, (i + 1) * time - last.length, last.length);
        }
        return Indices.of(Shape.of(texts.size(), time), ids); // (B, T)
    }

    private double[] ofWindow(Text text) {
        int[] window = text.last(model.context());
        try (var scope = Scope.open()) {
            return rows(model.lastLogits(Indices.of(Shape.of(1, window.length), window)))[0]; // (1, V)
        }
    }

    /// **Shapes** (B, V) → B rows of V
    static double[][] rows(Tensor logits) {
        double[] all = logits.toArray();
        int size = logits.dim(1);
        double[][] rows = new double[logits.dim(0)][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(all, i * size, (i + 1) * size);
        }
        return rows;
    }

    /// Frees the memory of the caches.
    @Override
    public void close() {
        if (caches != null) {
            caches.clear();
        }
        caches = null;
    }
}
