package gradus.lessons.experts;

import gradus.lessons.learn.exercise.Exercise;

final class TopKWeightsExercise {
    private TopKWeightsExercise() {}

    static Exercise exercise() {
        return Exercise.of(TopKWeights.class, "Route each token to k experts")
                .forbid("route")
                .probe(
                        "two of three",
                        "the scores 0, ln 3 and -1: experts 1 and 0 are chosen; e^ln 3 = 3 and e⁰ = 1 give 3/4 and 1/4",
                        t -> t.call(t.matrix(new double[] {0, Math.log(3), -1}), 2))
                .probe(
                        "one of three",
                        "the only one has all of the weight",
                        t -> t.call(t.matrix(new double[] {2, 1, 0}), 1))
                .probe(
                        "all of two",
                        "the softmax itself: 1/4 and 3/4",
                        t -> t.call(t.matrix(new double[] {0, Math.log(3)}), 2))
                .probe(
                        "two tokens with other wishes",
                        "each row by itself",
                        t -> t.call(t.matrix(new double[] {3, 2, 1, 0}, new double[] {-4, -3, -2, -1}), 2))
                .probe(
                        "negative scores only",
                        "a score of an expert that is not chosen does not count as 0: e⁰ would be more than all",
                        t -> t.call(t.matrix(new double[] {-5, -6, -9, -7}), 2))
                .probe(
                        "scores of a thousand",
                        "exp(1000) is infinite",
                        t -> t.call(t.matrix(new double[] {1000, 10, 999, -1000}), 2))
                .probe("seven tokens, five experts, and gradients", "", t -> t.callWithGradients(t.normal(7, 5), 2))
                .probe(
                        "three tokens, six experts, and gradients",
                        "",
                        t -> t.callWithGradients(t.normal(3, 6).mul(2), 4))
                .bug(
                        "The weights are not renormalised: those of the softmax over all experts do not add up to 1",
                        "logits.gather(1, chosen).softmax()",
                        "logits.softmax().gather(1, chosen)")
                .bug(
                        "The softmax goes over all experts, and none is left out",
                        "return Tensor.zerosLike(logits).scatterAdd(1, chosen, shares)",
                        "return logits.softmax()")
                .bug(
                        "Every chosen expert has the same weight 1/k",
                        "logits.gather(1, chosen).softmax()",
                        "logits.gather(1, chosen).mul(0).softmax()")
                .bug(
                        "The weights are the scores over their sum, without the exponential",
                        "logits.gather(1, chosen).softmax()",
                        "logits.gather(1, chosen).div(logits.gather(1, chosen).sum(1, true))")
                .bug("The experts with the lowest scores are chosen", "topk(k)", "topk(k, 1, false)")
                .bug("One expert too few is chosen", "topk(k)", "topk(Math.max(k - 1, 1))")
                .bug("One expert too many is chosen", "topk(k)", "topk(Math.min(k + 1, logits.dim(1)))")
                .bug(
                        "The weights are cut off from the gradient, so that the router does not learn",
                        "softmax()",
                        "softmax().detach()")
                .bug(
                        "The experts that are not chosen count as scores of 0 in the softmax",
                        "return Tensor.zerosLike(logits).scatterAdd(1, chosen, shares)",
                        "return Tensor.zerosLike(logits).scatterAdd(1, chosen, logits.gather(1, chosen)).softmax()")
                .bug(
                        "All tokens go where the first one goes",
                        "logits.detach().topk(k).indices()",
                        "logits.detach().slice(0, 0, 1).repeat(logits.dim(0), 1).topk(k).indices()")
                .bug(
                        "The softmax goes over the tokens, and should go over a token's experts",
                        "softmax()",
                        "softmax(0)")
                .bug(
                        "The weights are given to the experts in the wrong order: the best gets the least",
                        "softmax()",
                        "softmax().flip(1)")
                .variant("-∞ for all that are not chosen", """
                        int experts = logits.dim(1);
                        double[] scores = logits.toArray();
                        float[] hidden = new float[scores.length];
                        for (int n = 0; n < logits.dim(0); n++) {
                            for (int e = 0; e < experts; e++) {
                                int better = 0;
                                for (int other = 0; other < experts; other++) {
                                    better += scores[n * experts + other] > scores[n * experts + e] ? 1 : 0;
                                }
                                hidden[n * experts + e] = better < k ? 0 : Float.NEGATIVE_INFINITY;
                            }
                        }
                        return logits.add(Tensor.of(hidden, logits.dim(0), experts)).softmax();
                        """)
                .variant("softmax over all, cut and divided by the sum", """
                        Tensor least = logits.detach().topk(k).values().amin(1, true);
                        Tensor chosen = logits.detach().ge(least);
                        Tensor p = logits.sub(logits.detach().amax(1, true)).exp().mul(chosen);
                        return p.div(p.sum(1, true));
                        """)
                .hints(
                        "What do the scores of the experts that are not chosen have to do with the weights?",
                        "logits.topk(k).indices() are the chosen ones. Either gather their scores, or set all"
                                + " others to -∞"
                                + " before the softmax.",
                        "Gather along axis 1, softmax, and add the result to zeros with scatterAdd(1, chosen, shares).")
                .reading("The section \"A token's experts\" of this lesson; Jiang et al. 2024, 2.1");
    }
}
