package gradus.lessons.softmax;

import gradus.lessons.learn.exercise.Exercise;

final class SoftmaxExercise {
    private SoftmaxExercise() {}

    static Exercise exercise() {
        return Exercise.of(Softmax.class, "Softmax along the last axis")
                .forbid("softmax", "logSoftmax", "logSumExp")
                .probe(
                        "two scores",
                        "e⁰ = 1 and e^ln 3 = 3, together 4: 1/4 and 3/4",
                        t -> t.call(t.vector(0, Math.log(3))))
                .probe(
                        "two rows, unlike each other",
                        "each row by itself: 1/(1 + 1) twice, then 1/4 and 3/4",
                        t -> t.call(t.matrix(new double[] {5, 5}, new double[] {0, Math.log(3)})))
                .probe(
                        "scores of a thousand",
                        "exp(1000) is infinite and ∞/∞ is NaN; less 1,000 each, the scores are 0 and -1:"
                                + " 1/(1 + e⁻¹) = 0.73106",
                        t -> t.call(t.vector(1000, 999)))
                .probe(
                        "scores far below zero",
                        "exp(-1000) is 0 and 0/0 is NaN; the largest score must become 0",
                        t -> t.call(t.vector(-1000, -999)))
                .probe(
                        "one row far above the other",
                        "the largest of each row, not of all: otherwise the lower row is 0/0",
                        t -> t.call(t.matrix(new double[] {500, 501}, new double[] {-500, -501})))
                .probe(
                        "scores far apart",
                        "the smaller one is e⁻²⁰⁰ of the whole: 1 and 0; subtracting the smallest would leave exp(200)",
                        t -> t.call(t.vector(0, 200)))
                .probe("three axes, and gradients", "", t -> t.callWithGradients(t.normal(2, 3, 5)))
                .bug(
                        "The largest score is not subtracted, so that exp overflows for scores above 88",
                        "x.sub(x.amax(-1, true)).exp()",
                        "x.exp()")
                .bug(
                        "The largest score of all rows is subtracted, so that a row far below it becomes 0/0",
                        "x.amax(-1, true)",
                        "x.max()")
                .bug(
                        "The sum goes over the wrong axis: each column adds up to 1, not each row",
                        "powers.sum(-1, true)",
                        "powers.sum(0, true)")
                .bug(
                        "The sum goes over all rows, so that all numbers together add up to 1",
                        "powers.sum(-1, true)",
                        "powers.sum()")
                .bug(
                        "The powers are divided by their mean, not by their sum",
                        "powers.sum(-1, true)",
                        "powers.mean(-1, true)")
                .variant("exp of the logarithm", """
                        Tensor shifted = x.sub(x.amax(-1, true));
                        return shifted.sub(shifted.exp().sum(-1, true).log()).exp();
                        """)
                .variant("less the smallest's distance, as a product", """
                        Tensor e = x.add(x.amax(-1, true).neg()).exp();
                        return e.mul(e.sum(-1, true).pow(-1));
                        """)
                .hints(
                        "Take the powers first; what must a row be divided by, so that it adds up to 1?",
                        "x.amax(-1, true) is the largest score of each row, kept as an axis of size 1, so that it"
                                + " broadcasts against x.",
                        "powers = x.sub(x.amax(-1, true)).exp(), divided by powers.sum(-1, true).")
                .reading("The section \"Why the largest score goes\" of this lesson");
    }
}
