package gradus.lessons.flash;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;

final class MergeByLogSumExpExercise {
    private MergeByLogSumExpExercise() {}

    static Exercise exercise() {
        double none = Double.NEGATIVE_INFINITY;
        return Exercise.of(MergeByLogSumExp.class, "Merge two parts by log-sum-exp")
                .probe(
                        "equal parts",
                        "the same L: the mean of 10 and 20",
                        t -> t.call(t.matrix(new double[] {10}), t.vector(1), t.matrix(new double[] {20}), t.vector(1)))
                .probe(
                        "one key against three",
                        "with scores of 0 L is ln 1 and ln 3: 1/4·10 + 3/4·20 = 17.5",
                        t -> t.call(
                                t.matrix(new double[] {10}),
                                t.vector(0),
                                t.matrix(new double[] {20}),
                                t.vector(Math.log(3))))
                .probe(
                        "two queries, weighed by themselves",
                        "1/4 and 3/4 for the first, 3/4 and 1/4 for the second: 17.5 and 12.5",
                        t -> t.call(
                                t.matrix(new double[] {10}, new double[] {10}),
                                t.vector(0, Math.log(3)),
                                t.matrix(new double[] {20}, new double[] {20}),
                                t.vector(Math.log(3), 0)))
                .probe(
                        "L of thousands",
                        "exp(1000) is infinite; less the larger one, the weights are 1 and e⁻¹: 0.731·10 + 0.269·20"
                                + " = 12.69",
                        t -> t.call(
                                t.matrix(new double[] {10}),
                                t.vector(1000),
                                t.matrix(new double[] {20}),
                                t.vector(999)))
                .probe(
                        "L of minus thousands",
                        "exp(-1000) is 0, and 0/0 is NaN",
                        t -> t.call(
                                t.matrix(new double[] {10}),
                                t.vector(-1000),
                                t.matrix(new double[] {20}),
                                t.vector(-1001)))
                .probe(
                        "queries far apart",
                        "the larger L of each query, not of all: otherwise the second is 0/0",
                        t -> t.call(
                                t.matrix(new double[] {10, 1}, new double[] {10, 1}),
                                t.vector(5000, -5000),
                                t.matrix(new double[] {20, 2}, new double[] {20, 2}),
                                t.vector(5000, -4999)))
                .probe(
                        "a part without keys",
                        "L = -∞ has the weight 0: the other part alone, once 20 and once 10",
                        t -> t.call(
                                t.matrix(new double[] {0}, new double[] {10}),
                                t.vector(none, 3),
                                t.matrix(new double[] {20}, new double[] {0}),
                                t.vector(2, none)))
                .probe(
                        "five queries of three numbers",
                        "",
                        t -> t.call(
                                t.normal(5, 3),
                                t.normal(5).mul(2),
                                t.normal(5, 3),
                                t.normal(5).mul(2)))
                .probe(
                        "as many queries as numbers",
                        "",
                        t -> t.call(t.normal(4, 4), t.normal(4), t.normal(4, 4), t.normal(4)))
                .probe(
                        "gradients",
                        "",
                        t -> t.callWithGradients(t.normal(3, 2), t.normal(3), t.normal(3, 2), t.normal(3)))
                .bug(
                        "The parts are averaged, whatever their L",
                        "return o1.mul(w1).add(o2.mul(w2)).div(w1.add(w2));",
                        "return o1.add(o2).div(2);")
                .bug(
                        "The parts are added: each is normalised already, so they must be weighed",
                        "return o1.mul(w1).add(o2.mul(w2)).div(w1.add(w2));",
                        "return o1.add(o2);")
                .bug("The weighted parts are not divided by the sum of the weights", ".div(w1.add(w2))", "")
                .bug("Each part has the other's weight", "o1.mul(w1).add(o2.mul(w2))", "o1.mul(w2).add(o2.mul(w1))")
                .bug(Bug.of("The larger L is not subtracted, so that exp overflows for L above 88")
                        .replacing("l1.sub(largest)", "l1")
                        .replacing("l2.sub(largest)", "l2"))
                .bug(
                        "The largest L of all queries is subtracted, so that a query far below it becomes 0/0",
                        "l1.maximum(l2)",
                        "l1.maximum(l2).max()")
                .bug(
                        "The smaller L is subtracted, not the larger: exp of the other overflows",
                        "l1.maximum(l2)",
                        "l1.minimum(l2)")
                .bug(
                        "Only the part with the larger L is kept",
                        "return o1.mul(w1).add(o2.mul(w2)).div(w1.add(w2));",
                        "return o1.where(w1.ge(w2).broadcastTo(o1.dim(0), o1.dim(1)), o2);")
                .bug(Bug.of("The weights are 2 to the power of L, not e")
                        .replacing("l1.sub(largest)", "l1.sub(largest).mul(Math.log(2))")
                        .replacing("l2.sub(largest)", "l2.sub(largest).mul(Math.log(2))"))
                .variant("a sigmoid of the difference", """
                        Tensor share = l1.sub(l2).sigmoid().unsqueeze(1); // (T, 1)
                        return o1.mul(share).add(o2.mul(share.neg().add(1)));
                        """)
                .variant("by the log-sum-exp of both", """
                        Tensor both = Tensor.stack(1, l1, l2); // (T, 2)
                        Tensor powers = both.sub(both.amax(1, true)).exp();
                        Tensor weights = powers.div(powers.sum(1, true)); // (T, 2)
                        return Tensor.stack(2, o1, o2).mul(weights.unsqueeze(1)).sum(2);
                        """)
                .hints(
                        "Which number may be taken from both L of a query without changing the result?",
                        "The larger of the two: l1.maximum(l2). The weights exp(L - larger) are then at most 1.",
                        "w1 = l1.sub(larger).exp().unsqueeze(1), w2 likewise; (o1·w1 + o2·w2) / (w1 + w2).")
                .reading("The section \"Merging parts\" of this lesson");
    }
}
