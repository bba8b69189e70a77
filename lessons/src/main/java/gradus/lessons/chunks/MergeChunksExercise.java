package gradus.lessons.chunks;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class MergeChunksExercise {
    private MergeChunksExercise() {}

    static Exercise exercise() {
        return Exercise.of(MergeChunks.class, "Merge two attentions")
                .probe(
                        "one number each",
                        "a = 10 with e^0 = 1 and b = 50 with e^ln 3 = 3: (10 + 150)/4 = 40",
                        t -> numbers(t, 10, 0, 50, Math.log(3)))
                .probe("equal parts", "the mean of 10 and 50", t -> numbers(t, 10, 2, 50, 2))
                .probe(
                        "logarithms of a thousand",
                        "e^1000 is infinite; less 1000 each, it is as before: 40",
                        t -> numbers(t, 10, 1000, 50, 1000 + Math.log(3)))
                .probe(
                        "logarithms of minus a thousand",
                        "e^-1000 is 0, and 0/0 is NaN",
                        t -> numbers(t, 10, -1000, 50, -1000 + Math.log(3)))
                .probe("a part without keys", "its logarithm is -∞: only the other part counts", t -> {
                    t.see("no second", numbers(t, 10, -3, 0, Double.NEGATIVE_INFINITY));
                    t.see("no first", numbers(t, 0, Double.NEGATIVE_INFINITY, 50, 4));
                    return null;
                })
                .probe(
                        "two queries far from each other",
                        "one row's largest is 900, the other's -900: each query by itself",
                        t -> t.call(
                                t.tensor(new double[] {1, 2}, 1, 1, 2, 1),
                                t.tensor(new double[] {900, -900}, 1, 1, 2),
                                t.tensor(new double[] {5, 7}, 1, 1, 2, 1),
                                t.tensor(new double[] {899, -901}, 1, 1, 2)))
                .probe("batches and heads, and gradients", "", t -> of(t, 2, 3, 4, 5))
                .probe("as many queries as channels, and gradients", "", t -> of(t, 3, 2, 4, 4))
                .bug(Bug.of("The largest logarithm is not subtracted, so that exp overflows")
                        .replacing("logA.sub(most)", "logA")
                        .replacing("logB.sub(most)", "logB"))
                .bug(
                        "The largest logarithm of all queries is subtracted: the others become 0/0",
                        "logA.maximum(logB).detach()",
                        "logA.maximum(logB).max().detach()")
                .bug("The parts are simply averaged", "return sum.div(powerA.add(powerB))", "return a.add(b).div(2)")
                .bug("The parts are simply added", "return sum.div(powerA.add(powerB))", "return a.add(b)")
                .bug("The sum is not divided by the powers: it is too large", "sum.div(powerA.add(powerB))", "sum")
                .bug(Bug.of("The powers are exchanged: each part counts as much as the other should")
                        .replacing("a.mul(powerA)", "a.mul(powerB)")
                        .replacing("b.mul(powerB)", "b.mul(powerA)"))
                .bug(Bug.of("The part with the larger denominator counts less: the signs are wrong")
                        .replacing("logA.maximum(logB)", "logA.minimum(logB)")
                        .replacing("logA.sub(most).exp()", "most.sub(logA).exp()")
                        .replacing("logB.sub(most).exp()", "most.sub(logB).exp()"))
                .bug(
                        "Only the part with the larger denominator counts",
                        "return sum.div(powerA.add(powerB))",
                        "Tensor first = logA.ge(logB).unsqueeze(3); return a.mul(first).add(b.mul(first.neg().add(1)))")
                .bug(Bug.of("The powers are cut off from the gradient: queries and keys do not learn which"
                                + " part matters")
                        .replacing("logA.sub(most).exp()", "logA.sub(most).exp().detach()")
                        .replacing("logB.sub(most).exp()", "logB.sub(most).exp().detach()"))
                .bug(
                        "The denominator is cut off from the gradient",
                        "powerA.add(powerB)",
                        "powerA.add(powerB).detach()")
                .bug(Bug.of("The powers are of 2, and should be of e")
                        .replacing("logA.sub(most)", "logA.sub(most).mul(Math.log(2))")
                        .replacing("logB.sub(most)", "logB.sub(most).mul(Math.log(2))"))
                .variant("a sigmoid of the difference", """
                        Tensor part = logB.sub(logA).unsqueeze(-1).sigmoid();
                        return b.mul(part).add(a.mul(part.neg().add(1)));
                        """)
                .variant("a softmax of the two", """
                        Tensor weights = Tensor.stack(-1, logA, logB).softmax();
                        Tensor[] parts = {a, b};
                        Tensor sum = Tensor.zerosLike(a);
                        for (int p = 0; p < 2; p++) {
                            sum = sum.add(parts[p].mul(weights.slice(3, p, p + 1)));
                        }
                        return sum;
                        """)
                .hints(
                        "e^logA is the denominator of the first softmax. What is a times this denominator?",
                        "Take the larger of logA and logB from both before exp; it cancels. unsqueeze(3) lets the"
                                + " powers"
                                + " broadcast over D.",
                        "(a·e^(logA - m) + b·e^(logB - m)) / (e^(logA - m) + e^(logB - m)) with m ="
                                + " logA.maximum(logB).")
                .reading("The section \"One softmax from three\" of this lesson");
    }

    private static Object numbers(Trial t, double a, double logA, double b, double logB) {
        return t.call(
                t.tensor(new double[] {a}, 1, 1, 1, 1),
                t.tensor(new double[] {logA}, 1, 1, 1),
                t.tensor(new double[] {b}, 1, 1, 1, 1),
                t.tensor(new double[] {logB}, 1, 1, 1));
    }

    private static Object of(Trial t, int batch, int heads, int time, int size) {
        return t.callWithGradients(
                t.normal(batch, heads, time, size),
                t.normal(batch, heads, time),
                t.normal(batch, heads, time, size),
                t.normal(batch, heads, time));
    }
}
