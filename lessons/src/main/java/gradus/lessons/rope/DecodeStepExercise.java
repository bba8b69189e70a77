package gradus.lessons.rope;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class DecodeStepExercise {
    private DecodeStepExercise() {}

    static Exercise exercise() {
        return Exercise.of(DecodeStep.class, "Decode with rotated keys in a cache")
                .forbid("attention", "selfAttention")
                .probe(
                        "one token in the cache, one new",
                        "The cached key stands at position 0, the new one and the query at 1, all are (1, 0)·2 before"
                                + " rotation. Scores: 4·cos 1/√2 = 1.52820 and 4/√2 = 2.82843; softmax 0.21411 and"
                                + " 0.78589; with the values (1, 0) and (0, 1) the result is these two",
                        t -> t.call(pair(t, 2, 0), pair(t, 2, 0), pair(t, 0, 1), pair(t, 2, 0), pair(t, 1, 0)))
                .probe(
                        "two new tokens",
                        "the first of them must not see the second",
                        t -> t.call(
                                t.tensor(new double[] {3, 0, 0, 3}, 1, 1, 2, 2),
                                t.tensor(new double[] {0, 3, 3, 0}, 1, 1, 2, 2),
                                t.tensor(new double[] {0, 1, 5, 0}, 1, 1, 2, 2),
                                pair(t, 2, 1),
                                pair(t, 1, 0)))
                .probe("one new token after five, batches and heads", "", t -> of(t, 2, 3, 5, 1, 6))
                .probe("four new tokens after three", "positions 3, 4, 5 and 6", t -> of(t, 2, 2, 3, 4, 4))
                .probe("more new tokens than cached ones, and gradients", "", t -> {
                    var q = t.normal(1, 2, 5, 4).mul(1.5);
                    return t.callWithGradients(
                            q, t.normal(1, 2, 5, 4), t.normal(1, 2, 5, 4), t.normal(1, 2, 2, 4), t.normal(1, 2, 2, 4));
                })
                .bug(Bug.of("The new tokens are rotated as if they stood at position 0, not behind the cache")
                        .replacing("rotate(k, past)", "rotate(k, 0)")
                        .replacing("rotate(q, past)", "rotate(q, 0)"))
                .bug(
                        "The queries are rotated as if they stood at position 0, and the keys are not",
                        "rotate(q, past)",
                        "rotate(q, 0)")
                .bug(
                        "The new keys are rotated as if they stood at position 0, and the queries are not",
                        "rotate(k, past)",
                        "rotate(k, 0)")
                .bug(Bug.of("The length of the cache is added twice to the positions")
                        .replacing("rotate(k, past)", "rotate(k, 2 * past)")
                        .replacing("rotate(q, past)", "rotate(q, 2 * past)"))
                .bug(
                        "The keys of the cache are rotated a second time",
                        "Tensor.concat(2, keys, rotate(k, past))",
                        "Tensor.concat(2, rotate(keys, 0), rotate(k, past))")
                .bug(
                        "The values are rotated too",
                        "Tensor.concat(2, values, v)",
                        "Tensor.concat(2, values, rotate(v, past))")
                .bug("The new keys are not rotated", "rotate(k, past)", "k")
                .bug(
                        "The mask is made for an empty cache: a new token sees only as many keys as if none were"
                                + " cached",
                        "triu(past + 1)",
                        "triu(1)")
                .bug("The mask hides every token from itself", "triu(past + 1)", "triu(past)")
                .bug("The mask lets every token see the next one", "triu(past + 1)", "triu(past + 2)")
                .bug(
                        "There is no mask among the new tokens: they see what comes after them",
                        "scores.maskedFill(future, Double.NEGATIVE_INFINITY)",
                        "scores")
                .bug("The scores are not divided by √D", ".div(Math.sqrt(q.dim(3)))", "")
                .bug("The scores are divided by D and should be by √D", ".div(Math.sqrt(q.dim(3)))", ".div(q.dim(3))")
                .variant("one token after the other", """
                        Tensor[] results = new Tensor[q.dim(2)];
                        Tensor allKeys = keys;
                        Tensor allValues = values;
                        for (int t = 0; t < results.length; t++) {
                            int position = allKeys.dim(2);
                            allKeys = Tensor.concat(2, allKeys, rotate(k.slice(2, t, t + 1), position));
                            allValues = Tensor.concat(2, allValues, v.slice(2, t, t + 1));
                            Tensor scores = rotate(q.slice(2, t, t + 1), position).matmul(allKeys.transpose(2, 3));
                            results[t] = scores.mul(1 / Math.sqrt(q.dim(3))).softmax().matmul(allValues);
                        }
                        return Tensor.concat(2, results);
                        """)
                .variant("all keys turned back by the length of the cache", """
                        int past = keys.dim(2);
                        int time = q.dim(2);
                        Tensor scaled = q.mul(Math.pow(q.dim(3), -0.5));
                        Tensor old = rotate(scaled, past).matmul(keys, false, true);
                        Tensor own = rotate(scaled, 0).matmul(rotate(k, 0), false, true);
                        Tensor hidden = Tensor.ones(time, time).triu(1).mul(-1e9);
                        Tensor scores = Tensor.concat(3, old, own.add(hidden));
                        Tensor e = scores.sub(scores.amax(-1, true)).exp();
                        return e.div(e.sum(-1, true)).matmul(Tensor.concat(2, values, v));
                        """)
                .hints(
                        "At which positions do the new tokens stand, if P tokens are in the cache?",
                        "rotate(q, P) and rotate(k, P); append the new keys and values to the cached ones along axis 2."
                                + " New token i may see the keys 0 … P + i.",
                        "Tensor.ones(T, P + T).triu(P + 1) marks what must be filled with -∞ before the softmax.")
                .reading("The section \"Decoding with an offset\" of this lesson");
    }

    private static gradus.tensor.Tensor pair(Trial t, double a, double b) {
        return t.tensor(new double[] {a, b}, 1, 1, 1, 2);
    }

    private static Object of(Trial t, int batch, int heads, int past, int time, int size) {
        return t.call(
                t.normal(batch, heads, time, size).mul(2),
                t.normal(batch, heads, time, size),
                t.normal(batch, heads, time, size),
                t.normal(batch, heads, past, size),
                t.normal(batch, heads, past, size));
    }
}
