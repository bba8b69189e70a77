package gradus.lessons.norms;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.Tensor;
import java.util.function.UnaryOperator;

final class PreNormBlockExercise {
    private PreNormBlockExercise() {}

    static Exercise exercise() {
        return Exercise.of(PreNormBlock.class, "A pre-norm block")
                .probe(
                        "functions of one number",
                        "norm1 doubles, attention adds 1: 3 + (6 + 1) = 10; norm2 halves, the feed-forward layer"
                                + " multiplies by"
                                + " 10: 10 + 50 = 60",
                        t -> t.call(
                                t.tensor(new double[] {3}, 1, 1, 1),
                                named("norm1", x -> x.mul(2)),
                                named("attention", x -> x.add(1)),
                                named("norm2", x -> x.mul(0.5)),
                                named("feedForward", x -> x.mul(10))))
                .probe(
                        "sublayers that give zero",
                        "what a fresh block with small weights does: the stream passes through unchanged, not"
                                + " normalised",
                        t -> t.call(
                                t.normal(2, 3, 4),
                                named("norm1", x -> x.rmsNorm(Tensor.ones(4), 1e-5)),
                                named("attention", x -> x.mul(0)),
                                named("norm2", x -> x.rmsNorm(Tensor.ones(4), 1e-5)),
                                named("feedForward", x -> x.mul(0))))
                .probe(
                        "real norms, unlike sublayers",
                        "",
                        t -> block(t, t.normal(2, 3, 5).mul(4).add(1), false))
                .probe("gradients", "", t -> block(t, t.normal(2, 2, 3), true))
                .bug(
                        "The block is post-norm: the sum is normalised, and the stream with it",
                        "Tensor between = x.add(attention.apply(norm1.apply(x))); // (B, T, C)\n        return"
                                + " between.add(feedForward.apply(norm2.apply(between)));",
                        "Tensor between = norm1.apply(x.add(attention.apply(x)));\n"
                                + " return norm2.apply(between.add(feedForward.apply(between)));")
                .bug(
                        "The sublayer's result is added to the normalised copy, so that the stream is normalised in"
                                + " place",
                        "Tensor between = x.add(attention.apply(norm1.apply(x))); // (B, T, C)\n        return"
                                + " between.add(feedForward.apply(norm2.apply(between)));",
                        "Tensor a = norm1.apply(x); Tensor between = a.add(attention.apply(a));\n"
                                + " Tensor b = norm2.apply(between); return b.add(feedForward.apply(b));")
                .bug(
                        "The norm stands after the sublayer, on its result, not before it",
                        "Tensor between = x.add(attention.apply(norm1.apply(x))); // (B, T, C)\n        return"
                                + " between.add(feedForward.apply(norm2.apply(between)));",
                        "Tensor between = x.add(norm1.apply(attention.apply(x)));\n"
                                + " return between.add(norm2.apply(feedForward.apply(between)));")
                .bug(
                        "The residual around attention is missing",
                        "x.add(attention.apply(norm1.apply(x)))",
                        "attention.apply(norm1.apply(x))")
                .bug(
                        "The residual around the feed-forward layer is missing",
                        "between.add(feedForward.apply(norm2.apply(between)))",
                        "feedForward.apply(norm2.apply(between))")
                .bug(
                        "The feed-forward layer reads the block's input, beside attention, not after it",
                        "norm2.apply(between)",
                        "norm2.apply(x)")
                .bug(
                        "The last sum starts from the block's input: attention's part is lost",
                        "between.add(feedForward",
                        "x.add(feedForward")
                .bug(
                        "The two norms are exchanged",
                        "Tensor between =",
                        "UnaryOperator<Tensor> kept = norm1;" + " norm1 = norm2; norm2 = kept; Tensor between =")
                .bug(
                        "The feed-forward layer comes first",
                        "Tensor between =",
                        "UnaryOperator<Tensor> kept = attention;"
                                + " attention = feedForward; feedForward = kept; Tensor between =")
                .bug("The feed-forward layer reads the stream without a norm", "norm2.apply(between)", "between")
                .variant("both parts by name, summed at the end", """
                        Tensor mixed = attention.apply(norm1.apply(x));
                        Tensor fed = feedForward.apply(norm2.apply(mixed.add(x)));
                        return fed.add(mixed).add(x);
                        """)
                .variant("a loop over the sublayers", """
                        Tensor stream = x;
                        for (int i = 0; i < 2; i++) {
                            UnaryOperator<Tensor> norm = i == 0 ? norm1 : norm2;
                            UnaryOperator<Tensor> layer = i == 0 ? attention : feedForward;
                            stream = norm.andThen(layer).apply(stream).add(stream);
                        }
                        return stream;
                        """)
                .hints(
                        "Which of the two additions and which of the two norms does the stream itself pass through?",
                        "Only additions. Each sublayer reads norm(x); its result is added to x, not to norm(x).",
                        "x = x.add(attention.apply(norm1.apply(x))), then the same with norm2 and feedForward.")
                .reading("The section \"Before or after\" of this lesson; Xiong et al. 2020, figure 1");
    }

    private static Object block(Trial t, Tensor x, boolean gradients) {
        int channels = x.dim(2);
        Tensor first = t.normal(channels, channels);
        Tensor second = t.normal(channels, channels);
        Tensor gain = t.uniform(channels).add(0.5);
        x.requireGrad();
        Tensor result = (Tensor) t.call(
                x,
                named("norm1", y -> y.rmsNorm(gain, 1e-5)),
                named("attention", y -> y.mean(1, true).add(y).matmul(first)),
                named("norm2", y -> y.layerNorm(Tensor.ones(channels), gain, 1e-5)),
                named("feedForward", y -> y.matmul(second).relu()));
        t.see("result", result);
        if (gradients) {
            t.gradients(result, x);
        }
        return null;
    }

    /// A function that a learner is shown by its name.
    private static UnaryOperator<Tensor> named(String name, UnaryOperator<Tensor> function) {
        return new UnaryOperator<>() {
            @Override
            public Tensor apply(Tensor x) {
                return function.apply(x);
            }

            @Override
            public String toString() {
                return name;
            }
        };
    }
}
