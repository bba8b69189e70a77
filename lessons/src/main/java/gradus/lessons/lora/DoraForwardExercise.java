package gradus.lessons.lora;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.Tensor;

final class DoraForwardExercise {
    private DoraForwardExercise() {}

    static Exercise exercise() {
        return Exercise.of(DoraForward.class, "DoRA: direction and length")
                .probe(
                        "one output, B zero",
                        "the row (3, 4) has the length 5; x·W = 3 + 8 = 11, times m/5 = 10/5: 22, plus the bias 1: 23",
                        t -> t.call(
                                t.matrix(new double[] {1, 2}),
                                t.matrix(new double[] {3, 4}),
                                t.matrix(new double[] {9, 9}),
                                Tensor.zeros(1, 1),
                                t.vector(10),
                                t.vector(1),
                                2.0))
                .probe(
                        "the adapter turns the row",
                        "(3, 0) + 2·1·(0, 2) = (3, 4), of length 5: (3 + 8)·5/5 = 11",
                        t -> t.call(
                                t.matrix(new double[] {1, 2}),
                                t.matrix(new double[] {3, 0}),
                                t.matrix(new double[] {0, 2}),
                                Tensor.ones(1, 1),
                                t.vector(5),
                                t.vector(0),
                                2.0))
                .probe(
                        "two outputs",
                        "the rows (3, 4) and (6, 8) have the lengths 5 and 10: both directions are the same, and so"
                                + " are the results, 11/5",
                        t -> t.call(
                                t.matrix(new double[] {1, 2}),
                                t.matrix(new double[] {3, 4}, new double[] {6, 8}),
                                t.matrix(new double[] {9, 9}),
                                Tensor.zeros(2, 1),
                                t.vector(1, 1),
                                t.vector(0, 0),
                                1.0))
                .probe("gradients", "those of W and the bias are 0", t -> of(t, 3, 5, 4, 2, 0.5))
                .probe("as many inputs as outputs, a negative scale", "", t -> of(t, 2, 4, 4, 3, -1.5))
                .probe("rank 1, one row, a large scale", "", t -> of(t, 1, 2, 6, 1, 4))
                .bug(
                        "The lengths are those of the columns, one for each input: DoRA takes the rows",
                        "all.detach().square().sum(1).sqrt()",
                        "all.detach().square().sum(0).sqrt()")
                .bug("There is one length for the whole matrix", ".sum(1)", ".sum()")
                .bug(
                        "The length is not detached: the gradient must not go through it",
                        "all.detach().square()",
                        "all.square()")
                .bug("The length is squared: the root is missing", ".sum(1).sqrt()", ".sum(1)")
                .bug(
                        "The length is that of W alone, without the adapter",
                        "all.detach().square()",
                        "weight.detach().square()")
                .bug(
                        "The bias is scaled too",
                        "y.mul(magnitude.div(lengths)).add(bias.detach())",
                        "y.add(bias.detach()).mul(magnitude.div(lengths))")
                .bug("The bias is missing", ".add(bias.detach())", "")
                .bug("The base is not frozen: its weight gets a gradient", "weight.detach().add", "weight.add")
                .bug("The bias is not frozen", "bias.detach()", "bias")
                .bug("The scale is missing", ".mul(scale)", "")
                .bug(
                        "The magnitude is missing: every row has the length 1",
                        "magnitude.div(lengths)",
                        "lengths.reciprocal()")
                .bug("Nothing is divided by the length", "magnitude.div(lengths)", "magnitude")
                .bug(
                        "Only the base is brought to the length m, and the adapter is added as it is",
                        "y.mul(magnitude.div(lengths))",
                        "x.matmul(weight.detach(), false, true).mul(magnitude.div(lengths))"
                                + ".add(x.matmul(b.matmul(a).mul(scale), false, true))")
                .variant("rows of unit length", """
                        Tensor low = b.matmul(a).mul(scale); // (out, in)
                        Tensor whole = weight.detach().add(low);
                        Tensor lengths = whole.detach().norm(2, 1, true); // (out, 1)
                        Tensor rows = whole.div(lengths).mul(magnitude.unsqueeze(1)); // (out, in)
                        return x.linear(rows, bias.detach());
                        """)
                .variant("two paths", """
                        double[] rows = weight.add(b.matmul(a).mul(scale)).toArray();
                        int in = weight.dim(1);
                        double[] inverse = new double[weight.dim(0)];
                        for (int o = 0; o < inverse.length; o++) {
                            double squares = 0;
                            for (int i = 0; i < in; i++) {
                                squares += rows[o * in + i] * rows[o * in + i];
                            }
                            inverse[o] = 1 / Math.sqrt(squares);
                        }
                        Tensor factor = Tensor.of(inverse, inverse.length).to(x.dtype()).mul(magnitude); // (out)
                        Tensor base = x.matmul(weight.detach().transpose(0, 1)); // (N, out)
                        Tensor small = x.matmul(a.transpose(0, 1)).matmul(b.transpose(0, 1)); // (N, out)
                        return base.mul(factor).add(small.mul(factor).mul(scale)).add(bias.detach());
                        """)
                .hints(
                        "How many lengths are there, as many as inputs or as outputs?",
                        "V is (out, in), so the squares are summed over axis 1; detach() makes a constant of it.",
                        "x.matmul(V, false, true).mul(magnitude.div(lengths)).add(bias.detach()) with V ="
                                + " weight.detach() + s·B·A.")
                .reading("The section \"DoRA\" of this lesson; Liu et al. 2024, sections 4.1 and 4.3");
    }

    private static Object of(Trial t, int rows, int in, int out, int rank, double scale) {
        return t.callWithGradients(
                t.normal(rows, in),
                t.normal(out, in),
                t.normal(rank, in),
                t.normal(out, rank),
                t.normal(out).add(2),
                t.normal(out),
                scale);
    }
}
