package gradus.lessons.retrieve.rerank;

import gradus.layers.Layer;
import gradus.layers.Linear;
import gradus.layers.model.BertEncoder;
import gradus.layers.model.config.BertConfig;
import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.train.task.PaddedRows;
import java.util.Arrays;
import java.util.List;

/// The network of a [CrossEncoder]. It reads `[CLS] question [SEP] passage [SEP]` in one piece, so that each
/// token sees both; u and v are the means of the question's states and of the passage's, and
///
/// `score = w·[|u − v|; u ⊙ v] + b + s·cos(u, v)`
///
/// with a learnt s. A BERT's cross-encoder has `w·x_[CLS]` instead (Nogueira & Cho 2019, arXiv:1901.04085):
/// that takes a large encoder which was taught to compare texts before, where a small one learns it from u and
/// v within minutes.
final class PairScorer extends Layer {
    private static final double FIRST_SCALE = 10;
    private static final double SMALLEST_SQUARE = 1e-12;

    private final BertEncoder encoder;
    private final Linear head; // (N, 2C) → (N, 1)
    private final Tensor scale; // (1)

    PairScorer(BertConfig config, Rng rng) {
        this.encoder = child("encoder", new BertEncoder(config, rng.at("encoder")));
        this.head = child("head", new Linear(2 * config.dim(), 1, rng.at("head")));
        this.scale = param("scale", Tensor.full(FIRST_SCALE, 1));
    }

    BertEncoder encoder() {
        return encoder;
    }

    /// A question and a passage in one row.
    ///
    /// @param ids      framed
    /// @param question how many tokens the question has; the passage's follow behind a separator
    record Pair(int[] ids, int question) {}

    /// **Shapes** N pairs → (N)
    Tensor forward(List<Pair> pairs, int pad) {
        PaddedRows rows = PaddedRows.of(pairs.stream().map(Pair::ids).toList(), pad);
        int count = pairs.size();
        int time = rows.ids().shape().dim(1);
        int dim = encoder.config().dim();
        Tensor states = encoder.forward(rows.ids(), rows.segments(), rows.mask()); // (N, T, C)
        Tensor means = shares(pairs, time).to(states.dtype()).matmul(states); // (N, 2, C)
        Tensor u = means.select(1, 0); // (N, C)
        Tensor v = means.select(1, 1); // (N, C)
        Tensor product = u.mul(v); // (N, C)
        Tensor lengths = length(u).mul(length(v)); // (N)
        Tensor cosine = product.sum(1).div(lengths); // (N)
        Tensor compared = Tensor.concat(1, u.sub(v).abs(), product); // (N, 2C)
        return head.forward(compared).reshape(count).add(cosine.mul(scale)); // (N)
    }

    private static Tensor length(Tensor rows) {
        return rows.square().sum(1).add(SMALLEST_SQUARE).sqrt();
    }

    /// What each token adds to the mean of the question and to that of the passage. A text without tokens has a
    /// mean of zeros.
    ///
    /// **Shapes** → (N, 2, T)
    private static Tensor shares(List<Pair> pairs, int time) {
        double[] shares = new double[pairs.size() * 2 * time];
        for (int n = 0; n < pairs.size(); n++) {
            Pair pair = pairs.get(n);
            int from = 2 * n * time;
            int passage = pair.ids().length - pair.question() - 3;
            Arrays.fill(shares, from + 1, from + 1 + pair.question(), 1.0 / Math.max(1, pair.question()));
            int second = from + time + pair.question() + 2;
            Arrays.fill(shares, second, second + passage, 1.0 / Math.max(1, passage));
        }
        return Tensor.of(shares, pairs.size(), 2, time);
    }

    /// `[CLS] question [SEP] passage [SEP]`; where both are too long, the longer one loses its end first.
    static Pair pair(int[] question, int[] passage, int cls, int sep, int context) {
        int room = context - 3;
        int asked = Math.min(question.length, Math.max(room / 2, room - passage.length));
        int told = Math.min(passage.length, room - asked);
        int[] ids = new int[asked + told + 3];
        ids[0] = cls;
        System.arraycopy(question, 0, ids, 1, asked);
        ids[asked + 1] = sep;
        System.arraycopy(passage, 0, ids, asked + 2, told);
        ids[asked + told + 2] = sep;
        return new Pair(ids, asked);
    }
}
