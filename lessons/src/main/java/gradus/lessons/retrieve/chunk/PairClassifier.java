package gradus.lessons.retrieve.chunk;

import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.layers.model.BertEncoder;
import gradus.layers.model.config.BertConfig;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.train.cloze.TextClassifier;
import gradus.train.task.PaddedRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Tells classes of pairs of sentences. The same encoder reads each, the mean of its states are their vectors u
/// and v, and `logits = W [|u − v|; u · v] + b` with the product number by number.
///
/// Reimers & Gurevych 2019, arXiv:1908.10084, section 3.1, where the head has u, v and |u − v|. The product is
/// in place of u and v: it shows at once whether two vectors are alike, which a small encoder that reads both
/// sentences together does not find out in some thousand steps.
final class PairClassifier implements TextClassifier {
    private static final int CLASSES = 2;

    private final Pair model;
    private final Tokenizer tokenizer;

    PairClassifier(BertConfig config, Tokenizer tokenizer, Rng rng) {
        this.model = new Pair(config, rng);
        this.tokenizer = tokenizer;
    }

    private static final class Pair extends Layer {
        private final BertEncoder encoder;
        private final Linear head;

        private Pair(BertConfig config, Rng rng) {
            this.encoder = child("encoder", new BertEncoder(config, rng.at("encoder")));
            this.head = child("head", new Linear(2 * config.dim(), CLASSES, rng.at("head")));
        }

        /// The mean of a text's states, without the padding.
        ///
        /// **Shapes** → (B, C)
        private Tensor vectors(List<int[]> texts) {
            PaddedRows rows = PaddedRows.of(texts, 0);
            int time = rows.ids().shape().dim(1);
            float[] shares = new float[texts.size() * time];
            for (int b = 0; b < texts.size(); b++) {
                int length = texts.get(b).length;
                Arrays.fill(shares, b * time, b * time + length, 1f / length);
            }
            Tensor states = encoder.forward(rows.ids(), rows.segments(), rows.mask()); // (B, T, C)
            Tensor mean = Tensor.of(shares, texts.size(), 1, time).matmul(states); // (B, 1, C)
            return mean.reshape(texts.size(), states.dim(2)); // (B, C)
        }

        private Tensor forward(List<int[]> firsts, List<int[]> seconds) {
            Tensor u = vectors(firsts);
            Tensor v = vectors(seconds);
            Tensor difference = u.sub(v);
            return head.forward(Tensor.concat(1, difference.abs(), u.mul(v))); // (B, 2C) → (B, 2)
        }
    }

    @Override
    public Layer model() {
        return model;
    }

    @Override
    public int classes() {
        return CLASSES;
    }

    @Override
    public Tensor scores(List<List<String>> examples) {
        List<int[]> firsts = new ArrayList<>();
        List<int[]> seconds = new ArrayList<>();
        for (List<String> pair : examples) {
            firsts.add(ids(pair.get(0)));
            seconds.add(ids(pair.get(1)));
        }
        return model.forward(firsts, seconds);
    }

    /// As many tokens as the encoder can read; a text without any is one token of padding.
    private int[] ids(String text) {
        int[] ids = tokenizer.encode(text);
        int context = model.encoder.config().context();
        return ids.length == 0 ? new int[1] : Arrays.copyOf(ids, Math.min(ids.length, context));
    }
}
