package gradus.lessons.softprompts;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.Tensor;

final class PrefixAttentionExercise {
    private PrefixAttentionExercise() {}

    static Exercise exercise() {
        return Exercise.of(PrefixAttention.class, "Keys and values before the text")
                .forbid("attention", "selfAttention")
                .probe(
                        "one learnt key of zeros, one token",
                        "the query is 0 too, so both scores are 0, both weights 1/2: half of 4 and of 10 is 7",
                        t -> t.call(row(t, 0, 0), row(t, 9, 9), row(t, 10, 10), slot(t, 0, 0), slot(t, 4, 4)))
                .probe(
                        "two tokens, queries of zeros",
                        "the first token sees the prefix and itself, (4 + 10)/2 = 7; the second all three, (4 + 10 +"
                                + " 1)/3 = 5",
                        t -> t.call(
                                t.tensor(new double[4], 1, 1, 2, 2),
                                t.normal(1, 1, 2, 2),
                                t.tensor(new double[] {10, 10, 1, 1}, 1, 1, 2, 2),
                                slot(t, 1, 2),
                                slot(t, 4, 4)))
                .probe(
                        "the learnt key is not rotated",
                        "the query (2, 0) stands at position 1 and becomes 2·(cos 1, sin 1); against the learnt key"
                                + " (2, 0) it has 4·cos 1/√2 = 1.52820, against its own key, turned as far, 4/√2 ="
                                + " 2.82843: the weights are 0.21411 and 0.78589",
                        t -> t.call(row(t, 2, 0), row(t, 2, 0), row(t, 0, 1), slot(t, 2, 0), slot(t, 1, 0)))
                .probe(
                        "four query heads over two key heads",
                        "all scores are 0: heads 0 and 1 get the mean of 4 and 10, heads 2 and 3 that of 0 and 2",
                        t -> t.call(
                                t.tensor(new double[8], 1, 4, 1, 2),
                                t.normal(1, 2, 1, 2),
                                t.tensor(new double[] {10, 10, 2, 2}, 1, 2, 1, 2),
                                t.normal(2, 1, 2),
                                t.tensor(new double[] {4, 4, 0, 0}, 2, 1, 2)))
                .probe("batches, heads, gradients", "", t -> of(t, 2, 4, 2, 3, 5, 4))
                .probe("a long prefix", "", t -> of(t, 1, 6, 3, 7, 2, 6))
                .probe("one key head, one token", "", t -> of(t, 3, 3, 1, 2, 1, 4))
                .probe("as many key heads as query heads", "", t -> of(t, 2, 3, 3, 4, 4, 4))
                .bug(
                        "The learnt keys are rotated: they are to be taken as they are",
                        "forAll(prefixKeys, q.dim(0))",
                        "rotate(forAll(prefixKeys, q.dim(0)), 0)")
                .bug(Bug.of("The text begins at position 0: the P slots before it must be counted")
                        .replacing("rotate(k, slots)", "rotate(k, 0)")
                        .replacing("rotate(q, slots)", "rotate(q, 0)"))
                .bug("The queries begin at position 0, and the keys do not", "rotate(q, slots)", "rotate(q, 0)")
                .bug("The keys of the text are not rotated", "rotate(k, slots)", "k")
                .bug(
                        "The values are rotated too",
                        "forAll(prefixValues, q.dim(0)), v)",
                        "forAll(prefixValues, q.dim(0)), rotate(v, slots))")
                .bug(
                        "The mask is that of the text alone: a token sees as many keys as if there were no prefix",
                        "triu(slots + 1)",
                        "triu(1)")
                .bug("There is no mask: a token sees what follows", "triu(slots + 1)", "triu(slots + time)")
                .bug(
                        "The prefix is hidden from all tokens but the last ones: everybody must see it",
                        "Tensor hidden = Tensor.ones(time, slots + time).triu(slots + 1);",
                        "Tensor hidden = Tensor.concat(1, Tensor.ones(time, slots).triu(1), Tensor.ones(time,"
                                + " time).triu(1));")
                .bug(
                        "The key heads are tiled over the query heads: neighbours must share one",
                        "head / (q.dim(1) / k.dim(1))",
                        "head % k.dim(1)")
                .bug("All query heads use the first key head", "head / (q.dim(1) / k.dim(1))", "0 * head")
                .bug("The scores are not divided by √D", ".div(Math.sqrt(q.dim(3)))", "")
                .bug("The scores are divided by D instead of √D", "div(Math.sqrt(q.dim(3)))", "div(q.dim(3))")
                .bug(
                        "The learnt keys are detached: they never learn",
                        "forAll(prefixKeys, ",
                        "forAll(prefixKeys.detach(), ")
                .bug(
                        "The learnt values are detached: they never learn",
                        "forAll(prefixValues, ",
                        "forAll(prefixValues.detach(), ")
                .bug(Bug.of("Keys and values of the prefix are exchanged")
                        .replacing("forAll(prefixKeys, ", "forAll(prefixValues , ")
                        .replacing("forAll(prefixValues, ", "forAll(prefixKeys , "))
                .variant("prefix and text apart, one softmax", """
                        Tensor turned = rotate(q, slots);
                        int group = q.dim(1) / k.dim(1);
                        Tensor[] heads = new Tensor[q.dim(1)];
                        for (int h = 0; h < heads.length; h++) {
                            Tensor query = turned.select(1, h); // (B, T, D)
                            Tensor own = rotate(k, slots).select(1, h / group); // (B, T, D)
                            Tensor before = query.matmul(forAll(prefixKeys, q.dim(0)).select(1, h / group), false, true);
                            Tensor text = query.matmul(own, false, true); // (B, T, T)
                            text = text.maskedFill(Tensor.ones(time, time).triu(1), Double.NEGATIVE_INFINITY);
                            Tensor weights = Tensor.concat(2, before, text).div(Math.sqrt(q.dim(3))).softmax();
                            Tensor learnt = weights.slice(2, 0, slots).matmul(forAll(prefixValues, q.dim(0)).select(1, h / group));
                            heads[h] = weights.slice(2, slots).matmul(v.select(1, h / group)).add(learnt);
                        }
                        return Tensor.stack(1, heads); // (B, H, T, D)
                        """)
                .variant("heads repeated, powers summed", """
                        int batch = q.dim(0);
                        int size = q.dim(3);
                        int group = q.dim(1) / k.dim(1);
                        Tensor keys = Tensor.concat(2, forAll(prefixKeys, batch), rotate(k, slots)); // (B, K, P+T, D)
                        Tensor values = Tensor.concat(2, forAll(prefixValues, batch), v);
                        keys = keys.unsqueeze(2).expand(batch, k.dim(1), group, slots + time, size);
                        keys = keys.reshape(batch, q.dim(1), slots + time, size); // (B, H, P+T, D)
                        values = values.unsqueeze(2).expand(batch, k.dim(1), group, slots + time, size);
                        values = values.reshape(batch, q.dim(1), slots + time, size);
                        Tensor scores = rotate(q, slots).mul(1 / Math.sqrt(size)).matmul(keys.transpose(2, 3));
                        Tensor seen = Tensor.ones(time, slots + time).tril(slots); // (T, P+T)
                        Tensor powers = scores.sub(scores.detach().amax(-1, true)).exp().mul(seen);
                        return powers.matmul(values).div(powers.sum(-1, true));
                        """)
                .hints(
                        "The prefix is like a cache of P tokens. What is the same as with a cache, and what is not?",
                        "Rotate q and k with first = P, put the prefix in front along axis 2, and let each query head"
                                + " use key head h / (H/K).",
                        "Hidden is key j from query i if j > P + i: Tensor.ones(time, slots + time).triu(slots + 1).")
                .reading("The section \"Prefix tuning\" of this lesson; Li & Liang 2021, section 4");
    }

    private static Tensor row(Trial t, double... values) {
        return t.tensor(values, 1, 1, 1, values.length);
    }

    private static Tensor slot(Trial t, double... values) {
        return t.tensor(values, 1, 1, values.length);
    }

    private static Object of(Trial t, int batch, int heads, int keyHeads, int slots, int time, int size) {
        return t.callWithGradients(
                t.normal(batch, heads, time, size).mul(2),
                t.normal(batch, keyHeads, time, size),
                t.normal(batch, keyHeads, time, size),
                t.normal(keyHeads, slots, size),
                t.normal(keyHeads, slots, size));
    }
}
