package gradus.lessons.attention;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.Tensor;

final class BatchedHeadsExercise {
    private BatchedHeadsExercise() {}

    static Exercise exercise() {
        return Exercise.of(BatchedHeads.class, "All heads at once with tensors")
                .forbid("attention", "selfAttention")
                .probe(
                        "one head, one query, two keys",
                        "scores 0 and ln 3, weights 1/4 and 3/4: 1/4·10 + 3/4·20 = 17.5",
                        t -> t.call(
                                heads(t, 1, 1),
                                t.tensor(new double[] {0, Math.log(3)}, 1, 1, 2, 1),
                                t.tensor(new double[] {10, 20}, 1, 1, 2, 1)))
                .probe(
                        "D = 4",
                        "q·k = 2·ln 3, divided by √4 is ln 3: weights 1/4 and 3/4, 17.5",
                        t -> t.call(
                                heads(t, 4, 1, 1, 0, 0),
                                heads(t, 4, 0, 0, 0, 0, Math.log(3), Math.log(3), 5, 7),
                                heads(t, 1, 10, 20)))
                .probe(
                        "two heads with keys of their own",
                        "head 0 sees values 1 and 2 evenly: 1.5; head 1 sees 10 and 20 as 1/4 and 3/4: 17.5",
                        t -> t.call(
                                t.tensor(new double[] {1, 1}, 1, 2, 1, 1),
                                t.tensor(new double[] {0, 0, 0, Math.log(3)}, 1, 2, 2, 1),
                                t.tensor(new double[] {1, 2, 10, 20}, 1, 2, 2, 1)))
                .probe(
                        "scores of thousands",
                        "softmax must not overflow: the larger score takes all",
                        t -> t.call(heads(t, 1, 1000, -1000), heads(t, 1, 2, 4), heads(t, 1, 10, 20)))
                .probe(
                        "as many keys as queries",
                        "",
                        t -> t.call(t.normal(2, 2, 4, 3).mul(2), t.normal(2, 2, 4, 3), t.normal(2, 2, 4, 3)))
                .probe(
                        "unequal sizes",
                        "",
                        t -> t.call(t.normal(2, 3, 5, 7), t.normal(2, 3, 4, 7), t.normal(2, 3, 4, 2)))
                .probe(
                        "with gradients",
                        "",
                        t -> t.callWithGradients(t.normal(2, 2, 3, 5), t.normal(2, 2, 4, 5), t.normal(2, 2, 4, 3)))
                .bug("The scores are not divided by √D", ".div(Math.sqrt(q.dim(3)))", "")
                .bug("The scores are divided by D, not by its root", "Math.sqrt(q.dim(3))", "q.dim(3)")
                .bug(
                        "The scores are divided by the root of all heads' numbers together, √(H·D), not by √D",
                        "Math.sqrt(q.dim(3))",
                        "Math.sqrt(q.dim(1) * q.dim(3))")
                .bug(
                        "The scores are divided by the root of the number of keys, not of D",
                        "Math.sqrt(q.dim(3))",
                        "Math.sqrt(k.dim(2))")
                .bug("The softmax goes over the queries, not over the keys", "softmax(3)", "softmax(2)")
                .bug("The softmax goes over the heads, not over the keys", "softmax(3)", "softmax(1)")
                .bug(
                        "The weights are divided by √D, not the scores",
                        "weights.matmul(v)",
                        "q.matmul(k.transpose(2, 3)).softmax(3).div(Math.sqrt(q.dim(3))).matmul(v)")
                .bug(
                        "The keys of the wrong sequence are looked at",
                        "k.transpose(2, 3)",
                        "k.roll(1, 0).transpose(2, 3)")
                .bug(
                        "A query sees only keys up to its own place: there is no mask in this exercise",
                        "Tensor weights = scores.softmax(3);",
                        "Tensor weights = scores.sub(Tensor.ones(q.dim(2), k.dim(2)).triu(1).mul(1e9)).softmax(3);")
                .variant("queries scaled first, transpose left to matmul", """
                        return q.mul(1 / Math.sqrt(q.dim(-1))).matmul(k, false, true).softmax(-1).matmul(v);
                        """)
                .variant("einsum and a softmax by hand", """
                        Tensor scores = Tensor.einsum("bhqd,bhkd->bhqk", q, k).mul(Math.pow(q.dim(3), -0.5));
                        Tensor powers = scores.sub(scores.amax(-1, true)).exp();
                        return Tensor.einsum("bhqk,bhkd->bhqd", powers, v).div(powers.sum(-1, true));
                        """)
                .variant("head by head", """
                        Tensor[] sequences = new Tensor[q.dim(0)];
                        for (int b = 0; b < sequences.length; b++) {
                            Tensor[] heads = new Tensor[q.dim(1)];
                            for (int h = 0; h < heads.length; h++) {
                                Tensor one = q.select(0, b).select(0, h); // (Tq, D)
                                Tensor keys = k.select(0, b).select(0, h).div(Math.sqrt(q.dim(3))); // (Tk, D)
                                heads[h] = one.matmul(keys.transpose(0, 1))
                                        .softmax(1)
                                        .matmul(v.select(0, b).select(0, h)); // (Tq, Dv)
                            }
                            sequences[b] = Tensor.stack(0, heads);
                        }
                        return Tensor.stack(0, sequences);
                        """)
                .hints(
                        "matmul multiplies the last two axes and takes the others as batches. Which axes must be"
                                + " last in k?",
                        "Three lines: scores (B, H, Tq, Tk), their softmax over the axis of the keys, its product"
                                + " with v.",
                        "q.matmul(k.transpose(2, 3)).div(Math.sqrt(q.dim(3))).softmax(3).matmul(v).")
                .reading("The section \"Many heads\" of this lesson; Vaswani et al. 2017, section 3.2.2");
    }

    /// One sequence and one head, in rows of that many columns.
    private static Tensor heads(Trial t, int columns, double... numbers) {
        return t.tensor(numbers, 1, 1, numbers.length / columns, columns);
    }
}
