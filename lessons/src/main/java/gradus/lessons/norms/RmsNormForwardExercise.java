package gradus.lessons.norms;

import gradus.lessons.learn.exercise.Exercise;
import gradus.tensor.Tensor;

final class RmsNormForwardExercise {
    private RmsNormForwardExercise() {}

    static Exercise exercise() {
        return Exercise.of(RmsNormForward.class, "RMSNorm")
                .forbid("rmsNorm", "layerNorm")
                .probe(
                        "two numbers",
                        "(1 + 49)/2 = 25, the root 5: 1/5 and 7/5",
                        t -> t.call(t.matrix(new double[] {1, 7}), Tensor.ones(2), 0.0))
                .probe(
                        "with a gain",
                        "1/5 and 7/5, times 10 and -20: 2 and -28",
                        t -> t.call(t.matrix(new double[] {1, 7}), t.vector(10, -20), 0.0))
                .probe(
                        "a large ε",
                        "25 + 11 = 36, the root 6: 1/6 and 7/6",
                        t -> t.call(t.matrix(new double[] {1, 7}), Tensor.ones(2), 11.0))
                .probe(
                        "equal numbers",
                        "the mean square of 3, 3, 3 is 9: all become 1; LayerNorm would make zeros",
                        t -> t.call(t.matrix(new double[] {3, 3, 3}), Tensor.ones(3), 0.0))
                .probe(
                        "two tokens, unlike each other",
                        "each by itself: 1/5 and 7/5 both times",
                        t -> t.call(t.matrix(new double[] {1, 7}, new double[] {100, 700}), Tensor.ones(2), 0.0))
                .probe("zeros", "0 over √ε is 0", t -> t.call(Tensor.zeros(2, 3), Tensor.ones(3), 1e-6))
                .probe(
                        "tiny numbers",
                        "the mean square is far below ε",
                        t -> t.call(t.normal(2, 5).mul(1e-4), t.uniform(5).add(0.5), 1e-6))
                .probe(
                        "numbers far from zero",
                        "",
                        t -> t.call(t.normal(2, 3, 7).add(5), t.normal(7), 1e-6))
                .probe("as many tokens as channels", "", t -> t.call(t.normal(2, 4, 4), t.normal(4), 1e-6))
                .probe("gradients", "", t -> t.callWithGradients(t.normal(2, 3, 5), t.normal(5), 1e-6))
                .bug(
                        "The mean is subtracted first, as in LayerNorm",
                        "Tensor meanSquare = x.square()",
                        "x = x.sub(x.mean(-1, true)); Tensor meanSquare = x.square()")
                .bug(
                        "The variance stands in place of the mean square",
                        "x.square().mean(-1, true)",
                        "x.var(-1, 0, true)")
                .bug("ε stands outside the root", "meanSquare.add(eps).sqrt()", "meanSquare.sqrt().add(eps)")
                .bug("The root is missing", "meanSquare.add(eps).sqrt()", "meanSquare.add(eps)")
                .bug("The sum of the squares stands in place of their mean", "mean(-1, true)", "sum(-1, true)")
                .bug(
                        "The mean goes over the tokens (the axis before the last), not over the channels",
                        "mean(-1, true)",
                        "mean(-2, true)")
                .bug("The mean goes over all tokens, not over each by itself", "mean(-1, true)", "mean()")
                .bug(
                        "The mean of the magnitudes stands in place of the root of the mean square",
                        "x.div(meanSquare.add(eps).sqrt())",
                        "x.div(x.abs().mean(-1, true).square().add(eps).sqrt())")
                .bug(
                        "The gain multiplies before the mean square is taken",
                        "Tensor meanSquare = x.square()",
                        "Tensor meanSquare = x.mul(gain).square()")
                .bug(
                        "The gain is one more than it should be: only some models store it so",
                        ".mul(gain)",
                        ".mul(gain.add(1))")
                .bug(
                        "Gradients do not flow through the mean square, which depends on x too",
                        "meanSquare.add(eps).sqrt()",
                        "meanSquare.detach().add(eps).sqrt()")
                .variant("reciprocal root", """
                        return x.mul(x.mul(x).mean(-1, true).add(eps).rsqrt()).mul(gain);
                        """)
                .variant("from the length of the vector", """
                        int channels = x.dim(-1);
                        Tensor squares = x.square().sum(-1, true).add(eps * channels);
                        return x.mul(gain).mul(Math.sqrt(channels)).div(squares.pow(0.5));
                        """)
                .hints(
                        "Write the name backwards: the square, its mean, the root. What divides x?",
                        "x.square().mean(-1, true) keeps the last axis with size 1; ε is added before the root.",
                        "x.div(x.square().mean(-1, true).add(eps).sqrt()).mul(gain).")
                .reading("The section \"RMSNorm\" of this lesson; Zhang & Sennrich 2019");
    }
}
