package gradus.lessons.gpt;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.tensor.Tensor;

final class GptBlockExercise {
    private static final Part DOUBLED = new Part("x → 2x", x -> x.mul(2));
    private static final Part SQUARED = new Part("x → x²", Tensor::square);
    private static final Part PLUS_ONE = new Part("x → x + 1", x -> x.add(1));
    private static final Part TIMES_THREE = new Part("x → 3x", x -> x.mul(3));
    private static final Part NOTHING = new Part("x → 0", x -> x.mul(0));
    private static final Part SINE = new Part("x → sin x", Tensor::sin);
    private static final Part COSINE = new Part("x → cos x", Tensor::cos);
    private static final Part SQUASHED = new Part("x → tanh x", Tensor::tanh);
    private static final Part LONG =
            new Part("x → x/√mean(x²)", x -> x.div(x.square().mean(-1, true).sqrt()));

    private GptBlockExercise() {}

    static Exercise exercise() {
        return Exercise.of(GptBlock.class, "A block: norms, branches, sums")
                .probe(
                        "branches that give nothing",
                        "x + 0 + 0: the stream goes through unchanged, not normalised",
                        t -> t.call(t.vector(3, -2), DOUBLED, NOTHING, PLUS_ONE, NOTHING))
                .probe(
                        "the first branch alone",
                        "the norm makes 6 of 3, attention 36 of it: 3 + 36 = 39; 3 + 2·9 = 21 would be the wrong order",
                        t -> t.call(t.vector(3), DOUBLED, SQUARED, PLUS_ONE, NOTHING))
                .probe(
                        "the second branch alone",
                        "the norm makes 4 of 3, the network 16 of it: 3 + 16 = 19",
                        t -> t.call(t.vector(3), DOUBLED, NOTHING, PLUS_ONE, SQUARED))
                .probe(
                        "both branches",
                        "1 + (2·1)² = 5, and 5 + 3·(5 + 1) = 23: the second starts from 5, not from 1",
                        t -> t.call(t.vector(1), DOUBLED, SQUARED, PLUS_ONE, TIMES_THREE))
                .probe(
                        "a batch, and gradients",
                        "",
                        t -> t.callWithGradients(t.normal(2, 3, 4), SINE, SQUARED, COSINE, SQUASHED))
                .probe("norms that are norms", "", t -> t.callWithGradients(t.normal(3, 5), LONG, SINE, LONG, SQUARED))
                .bug(
                        "The first branch is not added to the stream: what x held is lost",
                        "x.add(attention.apply(norm1.apply(x)))",
                        "attention.apply(norm1.apply(x))")
                .bug(
                        "The second branch is not added to the stream",
                        "attended.add(feedForward.apply(norm2.apply(attended)))",
                        "feedForward.apply(norm2.apply(attended))")
                .bug(
                        "The first branch is added to the normalised stream, not to the stream itself",
                        "x.add(attention.apply(norm1.apply(x)))",
                        "norm1.apply(x).add(attention.apply(norm1.apply(x)))")
                .bug(
                        "The second branch is added to the normalised stream, not to the stream itself",
                        "attended.add(feedForward.apply(norm2.apply(attended)))",
                        "norm2.apply(attended).add(feedForward.apply(norm2.apply(attended)))")
                .bug(
                        "Both branches start from x: that is the parallel block of GPT-J, not GPT-2's",
                        "norm2.apply(attended)",
                        "norm2.apply(x)")
                .bug(
                        "The second branch is added to x, and the first one is lost on the stream",
                        "attended.add(feedForward",
                        "x.add(feedForward")
                .bug(Bug.of("The norms stand behind the sums, as in the first transformer, not before the branches")
                        .replacing("x.add(attention.apply(norm1.apply(x)))", "norm1.apply(x.add(attention.apply(x)))")
                        .replacing(
                                "attended.add(feedForward.apply(norm2.apply(attended)))",
                                "norm2.apply(attended.add(feedForward.apply(attended)))"))
                .bug(Bug.of("The norms stand behind the branches, before the sums")
                        .replacing("attention.apply(norm1.apply(x))", "norm1.apply(attention.apply(x))")
                        .replacing(
                                "feedForward.apply(norm2.apply(attended))", "norm2.apply(feedForward.apply(attended))"))
                .bug("The first norm serves both branches", "norm2.apply(attended)", "norm1.apply(attended)")
                .bug(Bug.of("The feed-forward network comes first and attention after it")
                        .replacing("attention.apply(norm1.apply(x))", "feedForward.apply(norm2.apply(x)) ")
                        .replacing(
                                "feedForward.apply(norm2.apply(attended))", "attention.apply(norm1.apply(attended))"))
                .bug("The second norm is left out", "norm2.apply(attended)", "attended")
                .bug("The first norm is left out", "norm1.apply(x)", "x")
                .variant("one line at a time", """
                        Tensor branch = norm1.apply(x);
                        branch = attention.apply(branch);
                        Tensor stream = branch.add(x);
                        branch = norm2.apply(stream);
                        branch = feedForward.apply(branch);
                        return branch.add(stream);
                        """)
                .variant("functions composed", """
                        Tensor first = norm1.andThen(attention).apply(x);
                        Tensor second = norm2.andThen(feedForward).apply(first.add(x));
                        return x.add(second).add(first);
                        """)
                .hints(
                        "A branch takes the stream, and something is added back to the stream. Which stream does the"
                                + " second branch take?",
                        "attention.apply(norm1.apply(x)) is the first branch; x plus this is the new stream.",
                        "y = x.add(attention.apply(norm1.apply(x))), and then the same with y, norm2 and feedForward.")
                .reading("The section \"The block\" of this lesson");
    }
}
