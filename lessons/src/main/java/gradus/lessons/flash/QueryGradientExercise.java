package gradus.lessons.flash;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.Tensor;

final class QueryGradientExercise {
    private QueryGradientExercise() {}

    static Exercise exercise() {
        return Exercise.of(QueryGradient.class, "The backward pass without the weights")
                .forbid("backward", "attention", "selfAttention")
                .probe(
                        "one query, two keys, D = 1",
                        "P = 1/4, 3/4; O = 17.5; dP = 10, 20; δ = 17.5; dS = 1/4·(-7.5), 3/4·2.5 = -1.875, 1.875;"
                                + " dQ = 1.875·ln 3 = 2.0599",
                        t -> run(
                                t,
                                t.matrix(new double[] {1}),
                                t.matrix(new double[] {0}, new double[] {Math.log(3)}),
                                t.matrix(new double[] {10}, new double[] {20}),
                                t.matrix(new double[] {1})))
                .probe(
                        "D = 4",
                        "q·k / √4 = ln 3 for the second key: dS = -1.875, 1.875 as before; dQ = 1.875·k / 2 for that"
                                + " key",
                        t -> run(
                                t,
                                t.matrix(new double[] {1, 1, 0, 0}),
                                t.matrix(new double[] {0, 0, 0, 0}, new double[] {Math.log(3), Math.log(3), 4, -4}),
                                t.matrix(new double[] {10}, new double[] {20}),
                                t.matrix(new double[] {1})))
                .probe(
                        "two queries, two keys",
                        "",
                        t -> run(t, t.normal(2, 3), t.normal(2, 3), t.normal(2, 2), t.normal(2, 2)))
                .probe("unequal sizes", "", t -> run(t, t.normal(3, 5), t.normal(4, 5), t.normal(4, 2), t.normal(3, 2)))
                .probe(
                        "as many of everything",
                        "",
                        t -> run(t, t.normal(4, 4), t.normal(4, 4), t.normal(4, 4), t.normal(4, 4)))
                .probe(
                        "scores far from 0",
                        "and so is L",
                        t -> run(t, t.normal(3, 4).add(2), t.normal(5, 4).add(2), t.normal(5, 3), t.normal(3, 3)))
                .bug("δ is left out: dS = P ∘ dP forgets that the weights add up to 1", "dP.sub(delta)", "dP")
                .bug("dQ is not divided by √D", "dS.matmul(k).mul(scale)", "dS.matmul(k)")
                .bug(
                        "The scores are not divided by √D",
                        "q.matmul(k, false, true).mul(scale)",
                        "q.matmul(k, false, true)")
                .bug("δ is the mean over the numbers of a value, not the sum", "sum(1, true)", "mean(1, true)")
                .bug("δ is one number for all queries", "sum(1, true)", "sum()")
                .bug("δ is taken off outside of the product with P", "p.mul(dP.sub(delta))", "p.mul(dP).sub(delta)")
                .bug("δ is added, not subtracted", "dP.sub(delta)", "dP.add(delta)")
                .bug("P is not normalised: L is left out of exp", ".sub(l.unsqueeze(1))", "")
                .bug("The product with P is missing", "Tensor dS = p.mul(dP.sub(delta));", "Tensor dS = dP.sub(delta);")
                .bug("δ is the sum of the results' gradient, without the results", "dO.mul(o)", "dO")
                .bug(
                        "δ is the sum of P ∘ dP over the queries, not over the keys",
                        "dO.mul(o).sum(1, true)",
                        "p.mul(dP).sum(0, true)")
                .variant("δ from the weights, softmax computed anew", """
                        Tensor scaled = k.div(Math.sqrt(k.dim(1)));
                        Tensor p = q.matmul(scaled.transpose(0, 1)).softmax(-1);
                        Tensor dP = dO.matmul(v.transpose(0, 1));
                        Tensor inner = p.mul(dP);
                        return inner.sub(p.mul(inner.sum(-1, true))).matmul(scaled);
                        """)
                .variant("query by query, with the softmax's full derivative", """
                        Tensor[] rows = new Tensor[q.dim(0)];
                        for (int i = 0; i < rows.length; i++) {
                            Tensor query = q.slice(0, i, i + 1).transpose(0, 1); // (D, 1)
                            Tensor scores = k.matmul(query).div(Math.sqrt(q.dim(1))); // (Tk, 1)
                            Tensor p = scores.sub(l.get(i)).exp();
                            int keys = p.dim(0);
                            Tensor jacobian = Tensor.eye(keys).mul(p).sub(p.matmul(p.transpose(0, 1))); // (Tk, Tk)
                            Tensor dP = v.matmul(dO.slice(0, i, i + 1).transpose(0, 1)); // (Tk, 1)
                            rows[i] = jacobian.matmul(dP).transpose(0, 1).matmul(k).div(Math.sqrt(q.dim(1)));
                        }
                        return Tensor.concat(0, rows);
                        """)
                .hints(
                        "Which of the five lines needs which shape? What must l and δ look like to broadcast over"
                                + " the keys?",
                        "l.unsqueeze(1) and sum(1, true) are (Tq, 1). √D comes in twice: in S and in dQ.",
                        "p = S.sub(l.unsqueeze(1)).exp(); dS = p.mul(dO.matmul(v, false, true).sub(dO.mul(o).sum(1,"
                                + " true)));"
                                + " dQ = dS.matmul(k).div(√D).")
                .reading("The section \"Backward\" of this lesson; Dao et al. 2022, appendix B.2");
    }

    private static Object run(Trial t, Tensor q, Tensor k, Tensor v, Tensor dO) {
        Tensor scores = q.matmul(k, false, true).div(Math.sqrt(q.dim(1)));
        Tensor o = scores.softmax(1).matmul(v);
        t.see("result", t.call(q, k, v, o, scores.logSumExp(1), dO));
        return null;
    }
}
