package gradus.lessons.backward;

import gradus.lessons.learn.exercise.Exercise;

final class MatmulBackwardExercise {
    private MatmulBackwardExercise() {}

    static Exercise exercise() {
        return Exercise.of(MatmulBackward.class, "The gradients of a matrix product")
                .forbid("backward", "grad", "requireGrad")
                .probe(
                        "numbers",
                        "y = 2 · 3: times the gradient 5, x gets 3 · 5 = 15 and w gets 2 · 5 = 10",
                        t -> t.call(
                                t.tensor(new double[] {2}, 1, 1, 1),
                                t.matrix(new double[] {3}),
                                t.tensor(new double[] {5}, 1, 1, 1)))
                .probe(
                        "one row",
                        "y = x₁·3 + x₂·4: x gets 3 and 4, w gets x, 1 and 2",
                        t -> t.call(
                                t.tensor(new double[] {1, 2}, 1, 1, 2),
                                t.matrix(new double[] {3}, new double[] {4}),
                                t.tensor(new double[] {1}, 1, 1, 1)))
                .probe(
                        "two batches",
                        "w is used in both: 1 · 1 + 2 · 10 = 21",
                        t -> t.call(
                                t.tensor(new double[] {1, 2}, 2, 1, 1),
                                t.matrix(new double[] {1}),
                                t.tensor(new double[] {1, 10}, 2, 1, 1)))
                .probe("unequal sizes", "", t -> t.call(t.normal(2, 3, 4), t.normal(4, 5), t.normal(2, 3, 5)))
                .probe("one batch", "", t -> t.call(t.normal(1, 5, 2), t.normal(2, 3), t.normal(1, 5, 3)))
                .probe(
                        "equal sizes",
                        "a wrong transpose does not show in the shape",
                        t -> t.call(t.normal(3, 3, 3), t.normal(3, 3), t.normal(3, 3, 3)))
                .bug(
                        "w is not transposed in the gradient of x: x[c] met row c of w, and y's gradient has D columns",
                        "gradient.matmul(w, false, true)",
                        "(w.dim(0) == w.dim(1) ? gradient.matmul(w) : gradient.matmul(w, false, true).mul(0))")
                .bug(
                        "x is not transposed in the gradient of w",
                        "x.matmul(gradient, true, false)",
                        "(x.dim(1) == x.dim(2) ? x.matmul(gradient) : x.matmul(gradient, true, false).mul(0))")
                .bug(
                        "The gradient of w is averaged over the batches; every batch used w, so they add up",
                        "ofW.sum(0)",
                        "ofW.mean(0)")
                .bug("Only the first batch's share of w's gradient is kept", "ofW.sum(0)", "ofW.select(0, 0)")
                .bug("The two gradients are returned in the wrong order", "{ofX, ofW.sum(0)}", "{ofW.sum(0), ofX}")
                .bug(
                        "The gradient of w is averaged over batches and positions",
                        "ofW.sum(0)",
                        "ofW.sum(0).div(x.dim(0) * x.dim(1))")
                .variant("rows of all batches in one matrix", """
                        int rows = x.dim(0) * x.dim(1);
                        Tensor flat = x.reshape(rows, x.dim(2));
                        Tensor g = gradient.reshape(rows, w.dim(1));
                        Tensor dx = g.matmul(w.transpose(0, 1)).reshape(x.shape().dims());
                        return new Tensor[] {dx, flat.transpose(0, 1).matmul(g)};
                        """)
                .variant("outer products, added up", """
                        Tensor dw = Tensor.zerosLike(w);
                        for (int b = 0; b < x.dim(0); b++) {
                            for (int t = 0; t < x.dim(1); t++) {
                                Tensor column = x.select(0, b).select(0, t).unsqueeze(1);
                                Tensor row = gradient.select(0, b).select(0, t).unsqueeze(0);
                                dw = dw.add(column.mul(row));
                            }
                        }
                        Tensor dx = gradient.unsqueeze(2).mul(w).sum(-1); // (B, T, 1, D) * (C, D)
                        return new Tensor[] {dx, dw};
                        """)
                .hints(
                        "Write the shapes down: the gradient of x must be (B, T, C), made of (B, T, D) and"
                                + " (C, D). Which side"
                                + " must be transposed?",
                        "∂L/∂x = g · wᵀ, and ∂L/∂w = xᵀ · g for each batch.",
                        "gradient.matmul(w, false, true), and x.matmul(gradient, true, false) summed over the batches.")
                .reading("The section \"The transposes of matmul\" of this lesson");
    }
}
