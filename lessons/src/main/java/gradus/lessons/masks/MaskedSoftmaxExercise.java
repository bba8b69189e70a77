package gradus.lessons.masks;

import gradus.lessons.learn.exercise.Exercise;
import gradus.tensor.Tensor;

final class MaskedSoftmaxExercise {
    private MaskedSoftmaxExercise() {}

    static Exercise exercise() {
        return Exercise.of(MaskedSoftmax.class, "Softmax under a mask")
                .forbid("softmax", "logSoftmax")
                .probe(
                        "three keys, the last hidden",
                        "the seen scores 0 and ln 3 give 1/4 and 3/4; the hidden key gets 0",
                        t -> t.call(t.matrix(new double[] {0, Math.log(3), 5}), t.matrix(new double[] {1, 1, 0})))
                .probe(
                        "all seen",
                        "plain softmax: 1/4, 3/4",
                        t -> t.call(t.matrix(new double[] {0, Math.log(3)}), t.matrix(new double[] {1, 1})))
                .probe(
                        "one row sees nothing",
                        "row 1 sees no key: 0, 0; a softmax of minus infinities would be NaN, one of -10,000s 1/2, 1/2",
                        t -> t.call(
                                t.matrix(new double[] {2, 2}, new double[] {3, 1}),
                                t.matrix(new double[] {1, 1}, new double[] {0, 0})))
                .probe(
                        "negative scores",
                        "-1 and -1 are seen: 1/2 each; multiplied by the mask the hidden score would be 0, the largest",
                        t -> t.call(t.matrix(new double[] {-1, -3, -1}), t.matrix(new double[] {1, 0, 1})))
                .probe(
                        "a hidden score far above the seen ones",
                        "the hidden 90,000 must not take part: 1/2 and 1/2; -10,000 added to it leaves it the largest",
                        t -> t.call(t.matrix(new double[] {5, 90_000, 5}), t.matrix(new double[] {1, 0, 1})))
                .probe(
                        "scores of two hundred and more hidden ones",
                        "200 and 199 are seen: 0.731 and 0.269; -200 and -199 in the second row: 0.269 and 0.731",
                        t -> t.call(
                                t.matrix(new double[] {200, 199, 0, 100_000}, new double[] {-200, -199, 0, -100_000}),
                                t.matrix(new double[] {1, 1, 0, 0}, new double[] {1, 1, 0, 0})))
                .probe(
                        "one seen key",
                        "it gets 1, wherever its score lies",
                        t -> t.call(
                                t.matrix(new double[] {-150, 3, 2}, new double[] {0, 1, -180}),
                                t.matrix(new double[] {1, 0, 0}, new double[] {0, 0, 1})))
                .probe(
                        "a causal mask for two sequences and three heads",
                        "",
                        t -> t.call(t.normal(2, 3, 4, 4), Tensor.ones(4, 4).tril()))
                .probe(
                        "a mask for each sequence, broadcast over the heads",
                        "",
                        t -> t.call(
                                t.normal(2, 3, 2, 5).mul(3),
                                t.tensor(new double[] {1, 1, 1, 0, 0, 0, 1, 0, 1, 1}, 2, 1, 1, 5)))
                .probe("gradients, one row without a key", "the gradient of what is hidden is 0, never NaN", t -> {
                    Tensor scores = t.normal(2, 3, 4).requireGrad();
                    Tensor mask =
                            t.matrix(new double[] {1, 0, 1, 1}, new double[] {0, 0, 0, 0}, new double[] {0, 1, 1, 0});
                    Object result = t.call(scores, mask);
                    t.see("result", result);
                    t.gradients((Tensor) result, scores);
                    return null;
                })
                .bug(
                        "The mask comes after the softmax: what is seen no longer adds up to 1",
                        "return powers.div(sum.add(sum.eq(0)));",
                        "Tensor seen = scores;"
                                + " Tensor all = seen.sub(seen.amax(-1, true)).exp(); return all.div(all.sum(-1, true)).mul(mask);")
                .bug(
                        "The scores are multiplied by the mask: a hidden key has the score 0 and still takes part",
                        "return powers.div(sum.add(sum.eq(0)));",
                        "Tensor seen = scores.mul(mask);"
                                + " Tensor all = seen.sub(seen.amax(-1, true)).exp(); return all.div(all.sum(-1, true));")
                .bug(
                        "Hidden scores become minus infinity, and a row that sees no key is NaN",
                        "return powers.div(sum.add(sum.eq(0)));",
                        "Tensor low = scores.maskedFill(hidden, Double.NEGATIVE_INFINITY);"
                                + " Tensor all = low.sub(low.amax(-1, true)).exp(); return all.div(all.sum(-1, true));")
                .bug(
                        "-10,000 is added to hidden scores: a hidden 90,000 stays the largest",
                        "return powers.div(sum.add(sum.eq(0)));",
                        "Tensor seen = scores.add(mask.sub(1).mul(1e4));"
                                + " Tensor all = seen.sub(seen.amax(-1, true)).exp(); return all.div(all.sum(-1, true));")
                .bug(
                        "Hidden scores become a low number, and a row that sees no key looks at all of them evenly",
                        "return powers.div(sum.add(sum.eq(0)));",
                        "Tensor seen = masked;"
                                + " Tensor all = seen.sub(seen.amax(-1, true)).exp(); return all.div(all.sum(-1, true));")
                .bug(
                        "The largest score is taken before masking: a hidden one far above makes 0/0 of the rest",
                        "masked.amax(-1, true)",
                        "scores.amax(-1, true)")
                .bug("1 and 0 of the mask are exchanged", "mask.eq(0)", "mask.ne(0)")
                .bug(
                        "The softmax goes over the queries, not over the keys",
                        "powers.sum(-1, true); // (..., Tq, 1)",
                        "powers.sum(-2, true); // (..., 1, Tk)")
                .variant("by the logarithm of the sum", """
                        Tensor low = scores.maskedFill(mask.eq(0), -1e9);
                        return low.sub(low.logSumExp(-1, true)).exp().mul(mask);
                        """)
                .variant("a row without a key gets a key for a moment", """
                        int[] dims = scores.shape().dims();
                        Tensor seen = mask.broadcastTo(dims);
                        Tensor none = seen.amax(-1, true).eq(0); // (..., Tq, 1)
                        Tensor open = seen.maximum(none);
                        Tensor low = scores.maskedFill(open.eq(0), Double.NEGATIVE_INFINITY);
                        Tensor powers = low.sub(low.amax(-1, true)).exp();
                        return powers.div(powers.sum(-1, true)).maskedFill(none.broadcastTo(dims), 0);
                        """)
                .variant("the minimum kept finite, where instead of fill", """
                        Tensor low = Tensor.fullLike(scores, -3e38);
                        Tensor kept = scores.where(mask, low);
                        Tensor largest = kept.amax(-1, true).detach();
                        Tensor powers = kept.sub(largest).exp().mul(mask);
                        return powers.div(powers.sum(-1, true).maximum(Tensor.scalar(1e-30)));
                        """)
                .hints(
                        "What must be true of a hidden score before the largest one is taken? And of its power"
                                + " before the"
                                + " sum is?",
                        "Fill hidden scores with a number far below all others, take off the largest, exp, put"
                                + " hidden powers"
                                + " to 0, divide by the sum. What is the sum of a row that sees no key?",
                        "masked = scores.maskedFill(mask.eq(0), -1e30); powers = masked.sub(masked.amax(-1,"
                                + " true)).exp()"
                                + ".mul(mask); divide by powers.sum(-1, true), and by 1 where that is 0.")
                .reading("The section \"Where the mask goes\" of this lesson");
    }
}
