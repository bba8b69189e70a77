package gradus.lessons.norms;

import gradus.lessons.learn.exercise.Exercise;
import gradus.tensor.Tensor;

final class LayerNormForwardExercise {
    private LayerNormForwardExercise() {}

    static Exercise exercise() {
        return Exercise.of(LayerNormForward.class, "LayerNorm")
                .forbid("layerNorm")
                .probe(
                        "two numbers",
                        "the mean of 1 and 5 is 3, the variance (4 + 4)/2 = 4, the root 2: -1 and 1",
                        t -> t.call(t.matrix(new double[] {1, 5}), Tensor.ones(2), Tensor.zeros(2), 0.0))
                .probe(
                        "with gain and bias",
                        "-1 and 1, times 10 and 20, plus 3 and 4: -7 and 24",
                        t -> t.call(t.matrix(new double[] {1, 5}), t.vector(10, 20), t.vector(3, 4), 0.0))
                .probe(
                        "a large ε",
                        "the variance 4 and ε = 5 make √9 = 3: -2/3 and 2/3; outside the root it would be 2 + 5",
                        t -> t.call(t.matrix(new double[] {1, 5}), Tensor.ones(2), Tensor.zeros(2), 5.0))
                .probe(
                        "two tokens, unlike each other",
                        "each token by itself: -1 and 1 both times",
                        t -> t.call(
                                t.matrix(new double[] {1, 5}, new double[] {100, 300}),
                                Tensor.ones(2),
                                Tensor.zeros(2),
                                0.0))
                .probe(
                        "equal numbers",
                        "distance 0, over √ε: 0, and the bias alone is left",
                        t -> t.call(t.matrix(new double[] {7, 7, 7}), t.vector(1, 2, 3), t.vector(4, 5, 6), 1e-5))
                .probe(
                        "tiny numbers",
                        "the variance is far below ε",
                        t -> t.call(t.normal(2, 5).mul(1e-3), t.uniform(5).add(0.5), Tensor.zeros(5), 1e-5))
                .probe(
                        "numbers far from zero",
                        "",
                        t -> t.call(t.normal(2, 3, 5).mul(4).add(30), t.normal(5), t.normal(5), 1e-5))
                .probe("as many tokens as channels", "", t -> t.call(t.normal(2, 4, 4), t.normal(4), t.normal(4), 1e-5))
                .probe(
                        "four axes, and gradients",
                        "",
                        t -> t.callWithGradients(t.normal(2, 2, 3, 5), t.normal(5), t.normal(5), 1e-5))
                .bug("The variance divides by C - 1, not by C", "centred.square().mean(-1, true)", "x.var(-1, 1, true)")
                .bug("ε stands outside the root", "variance.add(eps).sqrt()", "variance.sqrt().add(eps)")
                .bug(
                        "The root is missing: the numbers are divided by the variance",
                        "variance.add(eps).sqrt()",
                        "variance.add(eps)")
                .bug("The mean is not subtracted, as in RMSNorm", "x.sub(x.mean(-1, true))", "x.mul(1)")
                .bug(
                        "The mean square stands in place of the variance: it holds the mean as well",
                        "centred.square().mean(-1, true)",
                        "x.square().mean(-1, true)")
                .bug(
                        "Mean and variance go over all tokens, not over each by itself",
                        "Tensor centred = x.sub(x.mean(-1, true)); // (..., C)\n        Tensor variance ="
                                + " centred.square().mean(-1, true);",
                        "Tensor centred = x.sub(x.mean());\n Tensor variance = centred.square().mean();")
                .bug(
                        "Mean and variance go over the tokens (the axis before the last), not over the channels",
                        "Tensor centred = x.sub(x.mean(-1, true)); // (..., C)\n        Tensor variance ="
                                + " centred.square().mean(-1, true);",
                        "Tensor centred = x.sub(x.mean(-2, true));\n Tensor variance = centred.square().mean(-2,"
                                + " true);")
                .bug(
                        "The bias is added before the gain multiplies",
                        "normal.mul(gain).add(bias)",
                        "normal.add(bias).mul(gain)")
                .bug(
                        "The gain multiplies before normalising",
                        "Tensor centred = x.sub(x.mean(-1, true)); // (..., C)",
                        "x = x.mul(gain); gain = Tensor.onesLike(gain); Tensor centred = x.sub(x.mean(-1, true));")
                .bug("The gain is left out", "normal.mul(gain).add(bias)", "normal.add(bias)")
                .bug(
                        "Gradients do not flow through mean and variance, which depend on x too",
                        "return normal.mul(gain).add(bias);",
                        "return x.sub(x.mean(-1,"
                                + " true).detach()).div(variance.detach().add(eps).sqrt()).mul(gain).add(bias);")
                .variant("var of the library, reciprocal root", """
                        return x.sub(x.mean(-1, true))
                                .mul(x.var(-1, 0, true).add(eps).pow(-0.5))
                                .mul(gain)
                                .add(bias);
                        """)
                .variant("from sums", """
                        int channels = x.dim(-1);
                        Tensor centred = x.sub(x.sum(-1, true).div(channels));
                        Tensor squares = centred.mul(centred).sum(-1, true).add(channels * eps);
                        return centred.mul(gain).mul(Math.sqrt(channels)).div(squares.sqrt()).add(bias);
                        """)
                .hints(
                        "Over which axis do mean and variance go, and what shape must they keep to broadcast against"
                                + " x?",
                        "mean(-1, true) keeps the last axis with size 1. The variance is the mean of the squared"
                                + " distances.",
                        "centred.div(centred.square().mean(-1, true).add(eps).sqrt()).mul(gain).add(bias).")
                .reading("The section \"LayerNorm\" of this lesson; Ba, Kiros & Hinton 2016");
    }
}
