package gradus.lessons.contrastive;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;

final class InBatchLossExercise {
    private InBatchLossExercise() {}

    static Exercise exercise() {
        return Exercise.of(InBatchLoss.class, "The contrastive loss with in-batch negatives")
                .forbid("crossEntropy", "InfoNce")
                .probe(
                        "two pairs at right angles, scale ln 3",
                        "cosines 1 and 0, scores ln 3 and 0: −ln 3/4 = 0.288",
                        t -> t.call(
                                t.matrix(new double[] {1, 0}, new double[] {0, 1}),
                                t.matrix(new double[] {1, 0}, new double[] {0, 1}),
                                Math.log(3)))
                .probe(
                        "the same, ten times as long",
                        "cosines do not change: 0.288",
                        t -> t.call(
                                t.matrix(new double[] {10, 0}, new double[] {0, 10}),
                                t.matrix(new double[] {10, 0}, new double[] {0, 10}),
                                Math.log(3)))
                .probe(
                        "one pair, and a hard negative that is as near",
                        "two equal scores: ln 2",
                        t -> t.call(
                                t.matrix(new double[] {2, 1}),
                                t.matrix(new double[] {2, 1}, new double[] {2, 1}),
                                20.0))
                .probe(
                        "one query, one passage",
                        "no other to confuse it with: 0",
                        t -> t.call(t.matrix(new double[] {1, 2}), t.matrix(new double[] {-3, 1}), 20.0))
                .probe(
                        "the passages exchanged",
                        "each query is at its wrong passage: 20 each, in the mean 20",
                        t -> t.call(
                                t.matrix(new double[] {1, 0}, new double[] {0, 1}),
                                t.matrix(new double[] {0, 1}, new double[] {1, 0}),
                                20.0))
                .probe(
                        "two queries that ask for one side",
                        "rows and columns of the scores differ: the softmax goes over the passages",
                        t -> t.call(
                                t.matrix(new double[] {1, 0}, new double[] {1, 0.1}),
                                t.matrix(new double[] {1, 0}, new double[] {0, 1}),
                                2.0))
                .probe("four pairs", "", t -> t.call(t.normal(4, 3), t.normal(4, 3), 20.0))
                .probe("five pairs and three hard negatives", "", t -> t.call(t.normal(5, 4), t.normal(8, 4), 3.0))
                .probe(
                        "long and short vectors",
                        "",
                        t -> t.call(
                                t.normal(3, 5).mul(t.tensor(new double[] {0.01, 1, 100}, 3, 1)),
                                t.normal(3, 5).mul(t.tensor(new double[] {50, 0.2, 1}, 3, 1)),
                                5.0))
                .probe(
                        "a scale of 1000",
                        "the powers must not overflow",
                        t -> t.call(t.normal(4, 6), t.normal(4, 6), 1000.0))
                .probe("with gradients", "", t -> t.callWithGradients(t.normal(3, 4), t.normal(5, 4), 4.0))
                .bug(
                        "Products are taken for cosines: long vectors win",
                        "Tensor scores = q.matmul(p.transpose(0, 1))",
                        "Tensor scores = queries.matmul(passages.transpose(0, 1))")
                .bug("The scale is missing", ".mul(scale)", "")
                .bug("The scores are divided by the scale, as if it were the temperature", ".mul(scale)", ".div(scale)")
                .bug(
                        "The softmax goes over the queries: which query fits the passage",
                        "scores.logSoftmax(1)",
                        "scores.logSoftmax(0)")
                .bug(Bug.of("Hard negatives are left out of the softmax")
                        .replacing(
                                "Tensor scores = q.matmul(p.transpose(0, 1))",
                                "p = p.slice(0, 0, queries.dim(0)); Tensor scores = q.matmul(p.transpose(0, 1))")
                        .replacing("passages.dim(0)).to", "queries.dim(0)).to"))
                .bug("The losses are summed, not averaged over the queries", ".sum().div(n)", ".sum()")
                .bug(
                        "The sum is divided by all N·M scores, not by the N queries",
                        ".sum().div(n)",
                        ".sum().div(n * passages.dim(0))")
                .bug(
                        "It is divided by the number of passages, not of queries",
                        ".sum().div(n)",
                        ".sum().div(passages.dim(0))")
                .bug(
                        "Each query is compared with its neighbour's passage",
                        "surprise.mul(own)",
                        "surprise.roll(1, 1).mul(own)")
                .bug(
                        "The right passage is missing below the fraction: the loss falls below 0",
                        "Tensor surprise = scores.logSoftmax(1).neg();",
                        "Tensor right = Tensor.eye(queries.dim(0), passages.dim(0)).to(scores.dtype());"
                                + " Tensor surprise = scores.sub(right.mul(1e9)).logSumExp(1, true).sub(scores);")
                .bug(
                        "The vectors are divided by their squared lengths",
                        ".sum(1, true).sqrt()); // (N",
                        ".sum(1, true)); // (N")
                .bug(
                        "Only the queries are made 1 long",
                        "passages.div(passages.square().sum(1, true).sqrt())",
                        "passages")
                .bug(
                        "The sign is wrong: the loss falls when the right passage gets less likely",
                        ".neg(); // (N",
                        "; // (N")
                .variant("by logSumExp", """
                        int n = queries.dim(0);
                        Tensor products = queries.matmul(passages, false, true); // (N, M)
                        Tensor lengths = queries.norm(2, 1, true).matmul(passages.norm(2, 1, true), false, true); // (N, M)
                        Tensor scores = products.div(lengths).mul(scale);
                        Tensor own = scores.slice(1, 0, n).mul(Tensor.eye(n).to(scores.dtype())).sum(1); // (N)
                        return scores.logSumExp(1).sub(own).mean();
                        """)
                .variant("query by query", """
                        Tensor unit = passages.mul(passages.square().sum(1, true).rsqrt()); // (M, C)
                        Tensor total = null;
                        for (int i = 0; i < queries.dim(0); i++) {
                            Tensor q = queries.slice(0, i, i + 1); // (1, C)
                            Tensor scores = unit.matmul(q.transpose(0, 1)).reshape(-1).mul(scale).div(q.norm()); // (M)
                            Tensor one = scores.logSoftmax(0).select(0, i).neg(); // ()
                            total = total == null ? one : total.add(one);
                        }
                        return total.div(queries.dim(0));
                        """)
                .hints(
                        "It is the cross-entropy of a classifier whose classes are the passages of the batch. Which class"
                                + " is right for query i?",
                        "Make all vectors 1 long; then one matmul gives all cosines (N, M). logSoftmax over the passages;"
                                + " the right ones stand on the diagonal.",
                        "Multiplied by Tensor.eye(N, M), only the diagonal is left: sum it, divide by −N.")
                .reading(
                        "The section \"The others are wrong\" of this lesson; van den Oord et al. 2018, arXiv:1807.03748");
    }
}
