package gradus.lessons.cloze;

import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.optimizer.AdamConfig;
import gradus.train.optimizer.AdamW;
import java.util.Arrays;
import java.util.List;

/// Reviews made by lot, and a masked-language model of them. A review has six common words, drawn from twenty,
/// of which good reviews prefer the first ten and bad ones the others; then comes a judgement, one of four
/// words, which mostly agrees with the rest.
///
/// The model takes the mean of the words' embeddings, adds that of the gap's place, and has one hidden layer.
final class Reviews {
    private static final int SIZE = 32;
    private static final int COMMON = 20;
    private static final int MASK = COMMON + 4;
    private static final int TIME = 7;
    private static final int[][] JUDGEMENTS = {{COMMON, COMMON + 1}, {COMMON + 2, COMMON + 3}};
    private static final int TESTED = 400;

    private final List<Tensor> weights = List.of(
            weight(1, MASK + 1, SIZE), // embeddings
            weight(2, TIME, SIZE), // places
            weight(3, SIZE, SIZE), // hidden layer
            weight(4, MASK, SIZE)); // output

    private static Tensor weight(int seed, int rows, int columns) {
        return Tensor.randn(Rng.of(seed), rows, columns).mul(0.2).requireGrad();
    }

    private static int[] review(boolean good, Rng rng) {
        int[] words = new int[TIME];
        for (int i = 0; i < TIME - 1; i++) {
            boolean first = good == rng.uniform(2 * i) < 0.65;
            words[i] = rng.index(2 * i + 1, COMMON / 2) + (first ? 0 : COMMON / 2);
        }
        boolean agrees = good == rng.uniform(100) < 0.9;
        words[TIME - 1] = JUDGEMENTS[agrees ? 0 : 1][rng.index(101, 2)];
        return words;
    }

    /// Fills gaps at any place.
    void pretrain() {
        AdamW adam = new AdamW(weights, AdamConfig.defaults());
        int batch = 64;
        for (int step = 0; step < 300; step++) {
            int[] ids = new int[batch * TIME];
            int[] gaps = new int[batch];
            int[] targets = new int[batch];
            for (int i = 0; i < batch; i++) {
                int[] words = review(i % 2 == 0, Rng.of(1_000_000L * (step + 1) + i));
                gaps[i] =
                        Rng.of(step).index(i, 2) == 0 ? TIME - 1 : Rng.of(step).index(batch + i, TIME);
                targets[i] = words[gaps[i]];
                words[gaps[i]] = MASK;
                System.arraycopy(words, 0, ids, i * TIME, TIME);
            }
            adam.zeroGrad();
            logits(hidden(weights, ids, gaps), weights)
                    .crossEntropy(Indices.of(targets))
                    .backward();
            adam.step(0.003);
        }
    }

    /// **Shapes** → (B, C)
    private static Tensor hidden(List<Tensor> weights, int[] ids, int[] gaps) {
        Tensor words = weights.get(0).embedding(Indices.of(Shape.of(gaps.length, TIME), ids)); // (B, T, C)
        Tensor x = words.mean(1).add(weights.get(1).embedding(Indices.of(gaps))); // (B, C)
        return x.matmul(weights.get(2), false, true).relu();
    }

    private static Tensor logits(Tensor hidden, List<Tensor> weights) {
        return hidden.matmul(weights.get(3), false, true); // (B, V)
    }

    /// The part of new reviews that are told apart after tuning on some of each kind: by the judgement in the
    /// gap, or by a new head on the hidden layer. The mean over five choices of the examples.
    double tuned(int examples, boolean cloze) {
        double right = 0;
        for (int seed = 0; seed < 5; seed++) {
            right += tuned(examples, cloze, seed) / 5;
        }
        return right;
    }

    private double tuned(int examples, boolean cloze, int seed) {
        List<Tensor> own = weights.stream()
                .map(weight -> weight.detach().clone().requireGrad())
                .toList();
        Tensor head = weight(50 + seed, 2, SIZE);
        List<Tensor> all = cloze ? own : List.of(own.get(0), own.get(1), own.get(2), head);
        AdamW adam = new AdamW(all, AdamConfig.defaults());
        int[] kinds = new int[2 * examples];
        Arrays.setAll(kinds, i -> i % 2);
        for (int step = 0; step < 20 && examples > 0; step++) {
            adam.zeroGrad();
            Tensor p = probabilities(own, head, cloze, 2 * examples, 10 + seed);
            p.log().crossEntropy(Indices.of(kinds)).backward();
            adam.step(0.003);
        }
        double[] p = probabilities(own, head, cloze, TESTED, 5).toArray();
        int right = 0;
        for (int i = 0; i < TESTED; i++) {
            right += p[2 * i + i % 2] > 0.5 ? 1 : 0;
        }
        return (double) right / TESTED;
    }

    /// Of reviews whose judgement is hidden, good and bad ones by turns: how probable both are.
    private static Tensor probabilities(List<Tensor> own, Tensor head, boolean cloze, int count, int seed) {
        int[] ids = new int[count * TIME];
        int[] gaps = new int[count];
        Arrays.fill(gaps, TIME - 1);
        for (int i = 0; i < count; i++) {
            int[] words = review(i % 2 == 0, Rng.of(7_000_000_000L + 100_000L * seed + i));
            words[TIME - 1] = MASK;
            System.arraycopy(words, 0, ids, i * TIME, TIME);
        }
        Tensor hidden = hidden(own, ids, gaps);
        if (!cloze) {
            return hidden.matmul(head, false, true).softmax(); // (B, 2)
        }
        Tensor places = logits(hidden, own).reshape(count, 1, MASK); // the gap is the only place
        return ClozeProbabilities.probabilities(places, new int[count], JUDGEMENTS); // (B, 2)
    }
}
