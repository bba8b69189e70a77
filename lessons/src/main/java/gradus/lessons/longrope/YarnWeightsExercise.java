package gradus.lessons.longrope;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.Tensor;

final class YarnWeightsExercise {
    private YarnWeightsExercise() {}

    static Exercise exercise() {
        return Exercise.of(YarnWeights.class, "YaRN's temperature")
                .forbid("attention", "selfAttention", "logitFactor", "factorOf", "factor")
                .probe(
                        "no stretch",
                        "s = 1, D = 1: the scores are 0 and ln 3, the weights 1/4 and 3/4",
                        t -> small(t, 1))
                .probe(
                        "s = e^10",
                        "ln s = 10, so t = 2 and t² = 4: the scores are 0 and 4·ln 3, and 3⁴ = 81: 1/82 and 81/82",
                        t -> small(t, Math.exp(10)))
                .probe(
                        "an enormous stretch of small scores",
                        "s = e^40: t = 5 and t² = 25. The scores ln 3/25 and 0 become ln 3 and 0: 3/4 and 1/4",
                        t -> t.call(
                                t.tensor(new double[] {1}, 1, 1, 1, 1),
                                t.tensor(new double[] {Math.log(3) / 25, 0}, 1, 1, 2, 1),
                                Math.exp(40)))
                .probe("s = 1/4", "t stays 1: 1/4 and 3/4", t -> small(t, 0.25))
                .probe(
                        "a stretch of 1.9",
                        "ln 1.9 = 0.64185, t = 1.06419 and t² = 1.13249: 3^1.13249 = 3.47004, of 4.47004 in all",
                        t -> small(t, 1.9))
                .probe(
                        "four channels",
                        "√4 = 2: the scores of length 4 are 2 and 0 before t²",
                        t -> t.call(
                                t.tensor(new double[] {1, 1, 1, 1}, 1, 1, 1, 4),
                                t.tensor(new double[] {1, 1, 1, 1, 1, -1, 1, -1}, 1, 1, 2, 4),
                                Math.exp(5)))
                .probe(
                        "more keys than queries, and gradients",
                        "",
                        t -> t.callWithGradients(t.normal(2, 3, 4, 5), t.normal(2, 3, 7, 5), 300.0))
                .probe(
                        "more queries than keys, and gradients",
                        "",
                        t -> t.callWithGradients(t.normal(1, 2, 6, 9), t.normal(1, 2, 3, 9), 4.0))
                .bug(
                        "The factor t counts once, and should count twice: queries and keys both grow",
                        "factor * factor / Math",
                        "factor / Math")
                .bug(
                        "The scores are divided by t², which makes the softmax flatter",
                        "factor * factor / Math.sqrt(q.dim(3))",
                        "1 / (factor * factor * Math.sqrt(q.dim(3)))")
                .bug("The logarithm is to base 10", "Math.log(scale)", "Math.log10(scale)")
                .bug("The logarithm is to base 2", "Math.log(scale)", "Math.log(scale) / Math.log(2)")
                .bug("The 1 is missing: t is 0.1·ln s", "Math.log(scale) + 1", "Math.log(scale)")
                .bug("The factor 0.1 is missing: t is ln s + 1", "0.1 * Math", "Math")
                .bug("A scale below 1 makes the softmax flatter: t must be 1 there", "scale > 1 ?", "scale > 0 ?")
                .bug("There is no temperature", "factor * factor / Math", "1 / Math")
                .bug("The scores are not divided by √D", " / Math.sqrt(q.dim(3))", "")
                .bug("The scores are divided by D and should be by √D", "Math.sqrt(q.dim(3))", "q.dim(3)")
                .bug("The softmax goes over the queries, and should go over the keys", "softmax()", "softmax(2)")
                .variant("queries and keys each", """
                        double t = 1 + Math.max(0, Math.log(scale)) / 10;
                        Tensor scores = q.mul(t).matmul(k.mul(t).transpose(2, 3)).div(Math.sqrt(q.dim(-1)));
                        Tensor e = scores.sub(scores.amax(-1, true)).exp();
                        return e.div(e.sum(-1, true));
                        """)
                .variant("the square multiplied out", """
                        double logarithm = Math.log(Math.max(scale, 1));
                        double square = 1 + 0.2 * logarithm + 0.01 * logarithm * logarithm;
                        Tensor scores = q.mul(square).matmul(k, false, true).mul(Math.pow(q.dim(3), -0.5));
                        return scores.logSoftmax(3).exp();
                        """)
                .hints(
                        "If queries and keys are both multiplied by t, by what is their product multiplied?",
                        "t = 0.1·ln s + 1, natural logarithm, and 1 for s ≤ 1. Multiply the scores by t²/√D.",
                        "q.matmul(k, false, true).mul(t * t / Math.sqrt(q.dim(3))).softmax().")
                .reading("The section \"Temperature\" of this lesson; Peng et al. 2023, 3.4");
    }

    private static Object small(Trial t, double scale) {
        Tensor q = t.tensor(new double[] {1}, 1, 1, 1, 1);
        return t.call(q, t.tensor(new double[] {0, Math.log(3)}, 1, 1, 2, 1), scale);
    }
}
