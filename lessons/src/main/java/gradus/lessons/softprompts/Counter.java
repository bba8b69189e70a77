package gradus.lessons.softprompts;

import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import gradus.train.optimizer.AdamConfig;
import gradus.train.optimizer.AdamW;
import java.util.List;

/// A small language model of digits. Its texts begin with an instruction, one of four tokens, and then count in
/// steps of 1, 2, 3 or 4: `+3 5 8 1 4 …`.
///
/// One block: attention with one head, and a feed-forward network.
final class Counter {
    static final int SIZE = 32;
    private static final int DIGITS = 10;
    private static final int TIME = 6;
    private static final int BATCH = 48;

    final Tensor table = weight(1, DIGITS + 4, SIZE);
    private final Tensor positions = weight(2, TIME + 9, SIZE);
    private final Tensor query = weight(3, SIZE, SIZE);
    private final Tensor key = weight(4, SIZE, SIZE);
    private final Tensor value = weight(5, SIZE, SIZE);
    private final Tensor up = weight(6, 4 * SIZE, SIZE);
    private final Tensor down = weight(7, SIZE, 4 * SIZE);
    private final Tensor head = weight(8, DIGITS, SIZE);

    private static Tensor weight(int seed, int rows, int columns) {
        return Tensor.randn(Rng.of(seed), rows, columns).mul(0.2).requireGrad();
    }

    /// Trains all of it on the four steps, and freezes it.
    void train() {
        List<Tensor> all = List.of(table, positions, query, key, value, up, down, head);
        AdamW adam = new AdamW(all, AdamConfig.defaults().withWeightDecay(0));
        for (int step = 0; step < 200; step++) {
            int[] ids = new int[BATCH * (TIME + 1)];
            int[] labels = new int[ids.length];
            for (int text = 0; text < BATCH; text++) {
                int by = 1 + text % 4;
                int at = text * (TIME + 1);
                ids[at] = DIGITS + by - 1;
                System.arraycopy(digits(by, step, text), 0, ids, at + 1, TIME);
                System.arraycopy(ids, at, labels, at, TIME + 1);
                labels[at] = -100;
                labels[at + 1] = -100; // the first digit is drawn by lot
            }
            Shape shape = Shape.of(BATCH, TIME + 1);
            adam.zeroGrad();
            Tensor x = table.embedding(Indices.of(shape, ids)).add(positions.slice(0, 0, TIME + 1));
            PromptLoss.loss(logits(x, null, null), Indices.of(shape, labels), 0).backward();
            adam.step(0.01);
        }
        all.forEach(Tensor::freeze);
    }

    private static int[] digits(int by, int step, int text) {
        int[] digits = new int[TIME];
        digits[0] = Rng.of(step).index(text, DIGITS);
        for (int i = 1; i < TIME; i++) {
            digits[i] = (digits[i - 1] + by) % DIGITS;
        }
        return digits;
    }

    /// **Shapes** x (B, T, C); keys, values (P, C) or null → (B, T, V)
    private Tensor logits(Tensor x, Tensor keys, Tensor values) {
        int time = x.dim(1);
        int slots = keys == null ? 0 : keys.dim(0);
        Tensor k = x.matmul(key, false, true);
        Tensor v = x.matmul(value, false, true);
        if (keys != null) {
            k = Tensor.concat(1, keys.unsqueeze(0).expand(x.dim(0), slots, SIZE), k);
            v = Tensor.concat(1, values.unsqueeze(0).expand(x.dim(0), slots, SIZE), v);
        }
        Tensor scores = x.matmul(query, false, true).matmul(k, false, true).div(Math.sqrt(SIZE)); // (B, T, P+T)
        Tensor hidden = Tensor.ones(time, slots + time).triu(slots + 1);
        Tensor seen = x.add(
                scores.maskedFill(hidden, Double.NEGATIVE_INFINITY).softmax().matmul(v));
        Tensor y = seen.add(seen.matmul(up, false, true).relu().matmul(down, false, true)); // (B, T, C)
        return y.matmul(head, false, true);
    }

    /// The loss on texts without an instruction that count by `by`, with a soft prompt before them.
    Tensor prompted(Tensor prompt, int by, int step) {
        Tensor x = PromptInputs.inputs(texts(by, step, false), prompt, table, positions);
        return PromptLoss.loss(logits(x, null, null), texts(by, step, true), prompt.dim(0));
    }

    /// The same with keys and values in front of the block's own. The texts begin at the position after them.
    Tensor prefixed(Tensor keys, Tensor values, int by, int step) {
        int slots = keys.dim(0);
        Tensor x = table.embedding(texts(by, step, false)).add(positions.slice(0, slots, slots + TIME));
        return PromptLoss.loss(logits(x, keys, values), texts(by, step, true), 0);
    }

    private static Indices texts(int by, int step, boolean labels) {
        int[] ids = new int[BATCH * TIME];
        for (int text = 0; text < BATCH; text++) {
            System.arraycopy(digits(by, step, text), 0, ids, text * TIME, TIME);
            ids[text * TIME] = labels ? -100 : ids[text * TIME];
        }
        return Indices.of(Shape.of(BATCH, TIME), ids);
    }
}
