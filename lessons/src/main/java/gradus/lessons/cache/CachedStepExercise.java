package gradus.lessons.cache;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.Tensor;

final class CachedStepExercise {
    private CachedStepExercise() {}

    static Exercise exercise() {
        return Exercise.of(CachedStep.class, "Attend with a cache")
                .forbid("attention", "selfAttention")
                .probe("one token", "it sees itself alone: its own value 10", t -> {
                    Object cache = t.create();
                    return t.callOn(cache, "forward", one(t, 1), one(t, 2), one(t, 10));
                })
                .probe(
                        "two tokens, one after the other",
                        "the second query sees keys 0 and ln 3: weights 1/4 and 3/4, 1/4·10 + 3/4·20 = 17.5",
                        t -> {
                            Object cache = t.create();
                            t.see("first", t.callOn(cache, "forward", one(t, 1), one(t, 0), one(t, 10)));
                            return t.callOn(cache, "forward", one(t, 1), one(t, Math.log(3)), one(t, 20));
                        })
                .probe(
                        "two tokens at once",
                        "the first must not see the second: 10; the second sees both: 17.5",
                        t -> t.callOn(t.create(), "forward", one(t, 1, 1), one(t, 0, Math.log(3)), one(t, 10, 20)))
                .probe(
                        "one token, then two at once",
                        "all keys are 0, so that each sees the mean of what it may see: 10; 15 and 20",
                        t -> {
                            Object cache = t.create();
                            t.see("first", t.callOn(cache, "forward", one(t, 1), one(t, 0), one(t, 10)));
                            return t.callOn(cache, "forward", one(t, 1, 1), one(t, 0, 0), one(t, 20, 30));
                        })
                .probe("two caches", "one must not remember the other's tokens", t -> {
                    Object one = t.create();
                    Object other = t.create();
                    t.see("one", t.callOn(one, "forward", one(t, 1), one(t, 0), one(t, 10)));
                    t.see("other", t.callOn(other, "forward", one(t, 1), one(t, 0), one(t, 50)));
                    return t.callOn(one, "forward", one(t, 1), one(t, 0), one(t, 20));
                })
                .probe("a prompt of four, then one by one", "", t -> steps(t, 2, 5, 4, 1, 1, 1))
                .probe("steps of 3, 2, 1 and 4 tokens", "", t -> steps(t, 3, 7, 3, 2, 1, 4))
                .probe("as many sequences as tokens", "", t -> steps(t, 2, 2, 2, 2, 2))
                .bug(Bug.of("The cache is not used: each step sees its own tokens alone")
                        .replacing("keys == null ? k : Tensor.concat(1, keys, k)", "k")
                        .replacing("values == null ? v : Tensor.concat(1, values, v)", "v"))
                .bug(Bug.of("New keys are put before the old ones, not behind")
                        .replacing("Tensor.concat(1, keys, k)", "Tensor.concat(1, k, keys)")
                        .replacing("Tensor.concat(1, values, v)", "Tensor.concat(1, v, values)"))
                .bug(
                        "The mask is that of the first N tokens: after a prompt the new ones see the oldest keys only",
                        "triu(all - fresh + 1)",
                        "triu(1)")
                .bug(
                        "There is no mask: of several new tokens each sees those that follow",
                        "triu(all - fresh + 1)",
                        "mul(0)")
                .bug(
                        "Several new tokens are all masked as the first of them: the later ones do not see themselves",
                        "Tensor.ones(fresh, all)",
                        "Tensor.ones(1, all)")
                .bug("A new token sees the one that follows it", "triu(all - fresh + 1)", "triu(all - fresh + 2)")
                .bug("A new token does not see itself", "triu(all - fresh + 1)", "triu(all - fresh)")
                .bug(Bug.of("The first tokens are put into the cache twice")
                        .replacing("keys == null ? k", "keys == null ? Tensor.concat(1, k, k)")
                        .replacing("values == null ? v", "values == null ? Tensor.concat(1, v, v)"))
                .bug("The scores are not divided by √D", ".div(Math.sqrt(q.dim(2)))", "")
                .bug(
                        "A step's queries are scored against its own keys, and the cached ones count 0",
                        "Tensor scores = q.matmul(keys, false, true)",
                        "Tensor scores = Tensor.concat(2, Tensor.zeros(q.dim(0), fresh, all - fresh + 1)"
                                + ".slice(2, 0, all - fresh), q.matmul(k, false, true))")
                .variant("token by token", """
                        Tensor[] results = new Tensor[q.dim(1)];
                        for (int n = 0; n < results.length; n++) {
                            Tensor key = k.slice(1, n, n + 1);
                            Tensor value = v.slice(1, n, n + 1);
                            keys = keys == null ? key : Tensor.concat(1, keys, key);
                            values = values == null ? value : Tensor.concat(1, values, value);
                            results[n] = q.slice(1, n, n + 1)
                                    .matmul(keys.transpose(1, 2))
                                    .mul(Math.pow(q.dim(2), -0.5))
                                    .softmax(-1)
                                    .matmul(values);
                        }
                        return Tensor.concat(1, results);
                        """)
                .variant("old and new scores apart", """
                        int fresh = q.dim(1);
                        Tensor scaled = q.div(Math.sqrt(q.dim(-1)));
                        Tensor own = scaled.matmul(k, false, true)
                                .sub(Tensor.ones(fresh, fresh).triu(1).mul(1e9)); // (B, N, N)
                        Tensor scores = keys == null ? own : Tensor.concat(2, scaled.matmul(keys, false, true), own);
                        keys = keys == null ? k : Tensor.concat(1, keys, k);
                        values = values == null ? v : Tensor.concat(1, values, v);
                        Tensor powers = scores.sub(scores.amax(-1, true)).exp();
                        return powers.matmul(values).div(powers.sum(-1, true));
                        """)
                .hints(
                        "After appending, T keys stand there and N queries. At which of the T positions does query 0"
                                + " stand?",
                        "Query n stands at position T - N + n and sees all keys up to and with it. For N = 1 nothing is"
                                + " hidden.",
                        "Hide Tensor.ones(N, T).triu(T - N + 1) from the scores, then softmax over the keys, times"
                                + " values.")
                .reading("The section \"A cache of keys and values\" of this lesson");
    }

    private static Tensor one(Trial t, double... numbers) {
        return t.tensor(numbers, 1, numbers.length, 1);
    }

    private static Object steps(Trial t, int batch, int size, int... steps) {
        Object cache = t.create();
        for (int i = 0; i < steps.length; i++) {
            t.see(
                    "step " + (i + 1),
                    t.callOn(
                            cache,
                            "forward",
                            t.normal(batch, steps[i], size).mul(2),
                            t.normal(batch, steps[i], size),
                            t.normal(batch, steps[i], size)));
        }
        return null;
    }
}
