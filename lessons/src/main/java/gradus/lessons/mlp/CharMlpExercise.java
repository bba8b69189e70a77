package gradus.lessons.mlp;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.Tensor;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;

final class CharMlpExercise {
    private CharMlpExercise() {}

    static Exercise exercise() {
        return Exercise.of(CharMlp.class, "The MLP language model")
                .probe(
                        "all sizes 1 but for two symbols",
                        "symbol 1 is 0.5: tanh(0.5 · 2 - 1) = 0; 0 · w2 + b2 = (3, 4)",
                        t -> t.call(
                                t.matrix(new double[] {9}, new double[] {0.5}),
                                t.matrix(new double[] {2}),
                                t.vector(-1),
                                t.matrix(new double[] {5, 6}),
                                t.vector(3, 4),
                                Indices.of(Shape.of(1, 1), new int[] {1})))
                .probe(
                        "a context of two symbols",
                        "x is the rows of 0 and 1: (1, 2): z = 1 · 0.1 + 2 · 0.01 = 0.12, tanh = 0.11943;"
                                + " times 1 and -1",
                        t -> t.call(
                                t.matrix(new double[] {1}, new double[] {2}),
                                t.matrix(new double[] {0.1}, new double[] {0.01}),
                                t.vector(0),
                                t.matrix(new double[] {1, -1}),
                                t.vector(0, 0),
                                Indices.of(Shape.of(1, 2), new int[] {0, 1})))
                .probe(
                        "a context of two symbols of two numbers",
                        "x is (1, 2, 3, 4): both numbers of the first symbol, then both of the second",
                        t -> t.call(
                                t.matrix(new double[] {1, 2}, new double[] {3, 4}),
                                t.tensor(new double[] {0.1, 0.01, 0.001, 0.0001}, 4, 1),
                                t.vector(0),
                                t.matrix(new double[] {1, -1}),
                                t.vector(0, 0),
                                Indices.of(Shape.of(1, 2), new int[] {0, 1})))
                .probe(
                        "unequal sizes",
                        "",
                        t -> t.call(
                                table(t), small(t, 6, 4), t.normal(4), t.normal(4, 7), t.normal(7), t.indices(7, 5, 3)))
                .probe(
                        "as many contexts as symbols in one",
                        "",
                        t -> t.call(
                                table(t), small(t, 6, 4), t.normal(4), t.normal(4, 7), t.normal(7), t.indices(7, 3, 3)))
                .probe(
                        "gradients",
                        "",
                        t -> t.callWithGradients(
                                table(t), small(t, 6, 4), t.normal(4), t.normal(4, 7), t.normal(7), t.indices(7, 4, 3)))
                .bug("tanh is missing, so that the two products are one: a linear model", ".add(b1).tanh()", ".add(b1)")
                .bug("The hidden layer goes through relu, not tanh", ".add(b1).tanh()", ".add(b1).relu()")
                .bug("tanh stands before the bias is added", ".add(b1).tanh()", ".tanh().add(b1)")
                .bug(
                        "The scores go through tanh too, which keeps them between -1 and 1",
                        "hidden.matmul(w2).add(b2)",
                        "hidden.matmul(w2).add(b2).tanh()")
                .bug(
                        "Softmax stands at the end, where scores are asked for",
                        "hidden.matmul(w2).add(b2)",
                        "hidden.matmul(w2).add(b2).softmax()")
                .bug("The first bias is missing", ".add(b1)", "")
                .bug("The last bias is missing", ".add(b2)", "")
                .bug(
                        "The numbers of a context are interleaved: all first numbers, then all second ones",
                        "rows.reshape(batch, block * table.dim(1))",
                        "rows.reshape(batch, block, table.dim(1)).transpose(1, 2).reshape(batch, block * table.dim(1))")
                .bug(
                        "Every place of the context gets the mean of its rows, so that their order is lost",
                        "rows.reshape(batch, block * table.dim(1))",
                        "rows.reshape(batch, block, table.dim(1)).mean(1, true).expand(batch, block, table.dim(1))"
                                + ".reshape(batch, block * table.dim(1))")
                .bug(
                        "The context is put together in reverse, the last symbol first",
                        "rows.reshape(batch, block * table.dim(1))",
                        "rows.reshape(batch, block, table.dim(1)).flip(1).reshape(batch, block * table.dim(1))")
                .bug("No gradient reaches the table", "table.indexSelect(", "table.detach().indexSelect(")
                .variant("one product for each place of the context", """
                        int d = table.dim(1);
                        int k = contexts.shape().dim(1);
                        int n = contexts.shape().dim(0);
                        Tensor z = b1;
                        for (int place = 0; place < k; place++) {
                            int[] ids = new int[n];
                            for (int i = 0; i < n; i++) {
                                ids[i] = contexts.get(i * k + place);
                            }
                            Tensor rows = table.indexSelect(0, Indices.of(ids));
                            z = z.add(rows.matmul(w1.slice(0, place * d, place * d + d)));
                        }
                        return b2.add(z.tanh().matmul(w2));
                        """)
                .variant("one-hot rows times the table", """
                        int n = contexts.shape().dim(0);
                        Tensor x = Tensor.oneHot(contexts, table.dim(0)).to(table.dtype()).matmul(table); // (B, K, D)
                        Tensor z = x.reshape(n, w1.dim(0)).linear(w1.transpose(0, 1), b1);
                        Tensor e = z.mul(2).sigmoid().mul(2).sub(1); // tanh(z)
                        return e.linear(w2.transpose(0, 1), b2);
                        """)
                .hints(
                        "Which shape has a context after the lookup, and which must it have before the"
                                + " product with w1?",
                        "table.indexSelect(0, contexts.reshape(B·K)) is (B·K, D); reshape it to (B, K·D).",
                        "x.matmul(w1).add(b1).tanh(), and that .matmul(w2).add(b2).")
                .reading("The section \"The model\" of this lesson; Bengio and others 2003, section 2");
    }

    private static Tensor table(Trial t) {
        return t.normal(7, 2);
    }

    /// Small, so that tanh is not flat.
    private static Tensor small(Trial t, int rows, int columns) {
        return t.normal(rows, columns).mul(0.5);
    }
}
