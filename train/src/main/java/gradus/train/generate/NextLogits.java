package gradus.train.generate;

import gradus.layers.attention.cache.KvCaches;
import gradus.layers.model.LanguageModel;
import gradus.tensor.Indices;
import gradus.tensor.Scope;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What a model expects after each of some texts that grow together: at first from their prompts, side by
/// side behind padding, then from their last tokens, everything before being in caches.
///
/// Once the longest no longer fits in the context, and for models that cannot go step by step, each text's
/// last tokens are read anew each time. There is no other way past the context: every token has another
/// position then.
final class NextLogits implements AutoCloseable {
    private static final int PADDING = 0; // any token, for it is not seen

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
    /// @param texts those of the call before with one token more each, in any order, none added
    double[][] of(List<Text> texts) {
        int longest = texts.stream().mapToInt(Text::length).max().orElseThrow();
        if (!stepwise || longest > model.context()) {
            close();
            return texts.stream().map(this::ofWindow).toArray(double[][]::new);
        }
        if (caches != null && caches.length() == model.context()) { // a longer text, ended since, took the room
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

    /// Leaves in the caches what is still asked for.
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

    /// Gives the memory of the caches back.
    @Override
    public void close() {
        if (caches != null) {
            caches.clear();
        }
        caches = null;
    }
}
