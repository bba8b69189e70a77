package gradus.lessons.softmax;

import gradus.lessons.learn.exercise.Exercise;

final class LogSoftmaxBackwardExercise {
    private LogSoftmaxBackwardExercise() {}

    static Exercise exercise() {
        return Exercise.of(LogSoftmaxBackward.class, "The gradient of log-softmax")
                .forbid("backward", "grad", "requireGrad")
                .probe(
                        "two equal scores, a gradient for the first",
                        "softmax is 1/2, 1/2: 1 - 1/2 = 1/2, and 0 - 1/2",
                        t -> t.call(t.vector(-Math.log(2), -Math.log(2)), t.vector(1, 0)))
                .probe(
                        "1/4 and 3/4, two gradients",
                        "they add up to 3: 1 - 3/4 = 0.25, and 2 - 9/4 = -0.25",
                        t -> t.call(t.vector(-Math.log(4), Math.log(0.75)), t.vector(1, 2)))
                .probe(
                        "gradients that cancel",
                        "their sum is 0: they go through as they are",
                        t -> t.call(t.vector(-Math.log(4), Math.log(0.75)), t.vector(5, -5)))
                .probe(
                        "two rows",
                        "the sum of each row's gradients, not of all",
                        t -> t.call(
                                t.matrix(
                                        new double[] {-Math.log(2), -Math.log(2)},
                                        new double[] {-Math.log(4), Math.log(0.75)}),
                                t.matrix(new double[] {1, 0}, new double[] {1, 2})))
                .probe(
                        "a score far below",
                        "its probability is 0: its own gradient goes through",
                        t -> t.call(t.vector(0, -500), t.vector(3, 4)))
                .probe("random scores", "", t -> t.call(t.normal(4, 6).logSoftmax(), t.normal(4, 6)))
                .probe("a square", "", t -> t.call(t.normal(5, 5).logSoftmax(), t.normal(5, 5)))
                .probe("three axes", "", t -> t.call(t.normal(2, 3, 4).logSoftmax(), t.normal(2, 3, 4)))
                .bug("The probability is multiplied by each gradient, not by their sum", "mul(total)", "mul(g)")
                .bug("The probability is taken away without the sum of the gradients", "y.exp().mul(total)", "y.exp()")
                .bug("y is a logarithm: its exp is the probability", "y.exp()", "y")
                .bug("The sum goes over all rows", "g.sum(-1, true)", "g.sum()")
                .bug("The sum goes over the first axis, not the last", "g.sum(-1, true)", "g.sum(0, true)")
                .bug(
                        "This is softmax's own gradient, p·(g - Σ p·g), where log-softmax's is asked for",
                        "g.sub(y.exp().mul(total))",
                        "y.exp().mul(g.sub(y.exp().mul(g).sum(-1, true)))")
                .bug("The gradients are averaged, not added up", "g.sum(-1, true)", "g.mean(-1, true)")
                .bug("The second part is added, and must be taken away", "g.sub(", "g.add(")
                .variant("in doubles, row by row", """
                        int v = y.dim(-1);
                        double[] ys = y.toArray();
                        double[] gs = g.toArray();
                        double[] out = new double[ys.length];
                        for (int row = 0; row < ys.length; row += v) {
                            double sum = 0;
                            for (int i = 0; i < v; i++) {
                                sum += gs[row + i];
                            }
                            for (int i = 0; i < v; i++) {
                                out[row + i] = gs[row + i] - Math.exp(ys[row + i]) * sum;
                            }
                        }
                        return Tensor.of(out, y.shape().dims()).to(y.dtype());
                        """)
                .variant("the sum as a product with ones", """
                        int v = y.dim(y.rank() - 1);
                        Tensor flat = g.reshape(-1, v);
                        Tensor sums = flat.matmul(Tensor.ones(v, 1).to(g.dtype())); // one for each row
                        Tensor p = y.reshape(-1, v).exp();
                        return sums.mul(p).neg().add(flat).reshape(y.shape().dims());
                        """)
                .hints(
                        "A change of one score changes every yᵢ of its row. By how much each?",
                        "The part -softmax(x)ⱼ is the same for all i, so that the gradients of the row are added up.",
                        "g.sub(y.exp().mul(g.sum(-1, true))).")
                .reading("The section \"Cross-entropy\" of this lesson: its gradient is this one, with g ="
                        + " -1 at the target");
    }
}
