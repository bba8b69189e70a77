package gradus.lessons.backward;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.tensor.Tensor;

final class ResidualBackwardExercise {
    private ResidualBackwardExercise() {}

    static Exercise exercise() {
        return Exercise.of(ResidualBackward.class, "The gradients of a skip connection")
                .forbid("backward", "grad", "requireGrad")
                .probe(
                        "numbers, relu open",
                        "y = 2 + 2 · 3: times the gradient 5, x gets 5 + 5 · 3 = 20 and w gets 2 · 5 = 10",
                        t -> t.call(one(t.vector(2)), one(t.vector(3)), one(t.vector(5))))
                .probe(
                        "numbers, relu closed",
                        "2 · -3 is below 0: x gets 5 by the skip connection alone, w gets 0",
                        t -> t.call(one(t.vector(2)), one(t.vector(-3)), one(t.vector(5))))
                .probe(
                        "numbers, relu at 0",
                        "0 · 3 = 0, where the derivative counts as 0: x gets 5, w gets 0",
                        t -> t.call(one(t.vector(0)), one(t.vector(3)), one(t.vector(5))))
                .probe(
                        "a row at 0 and one that is not",
                        "",
                        t -> t.call(
                                t.matrix(new double[] {0, 0}, new double[] {1, 2}),
                                t.matrix(new double[] {1, -1}, new double[] {2, 3}),
                                t.matrix(new double[] {4, -5}, new double[] {6, -7})))
                .probe("unequal sizes", "", t -> t.call(t.normal(4, 3), t.normal(3, 3), t.normal(4, 3)))
                .probe("a square", "", t -> t.call(t.normal(5, 5), t.normal(5, 5), t.normal(5, 5)))
                .bug(
                        "x is used twice, and the gradient of the skip connection is missing",
                        "gradient.add(inner.matmul(w, false, true))",
                        "inner.matmul(w, false, true)")
                .bug(
                        "x is used twice, and the gradient through the product is missing",
                        "gradient.add(inner.matmul(w, false, true))",
                        "gradient.mul(1)")
                .bug("The gradient passes relu as if it were always open", "gradient.mul(open)", "gradient.mul(1)")
                .bug(
                        "relu lets through where x · w is above 0; here the gradient's own sign is asked",
                        "x.matmul(w).gt(0)",
                        "gradient.gt(0)")
                .bug("At 0 the derivative of relu counts as 0, here as 1", ".gt(0)", ".ge(0)")
                .bug("relu stands on y, not on the product", "x.matmul(w).gt(0)", "x.add(x.matmul(w).relu()).gt(0)")
                .bug("relu closes the skip connection too", "gradient.add(inner", "inner.add(inner")
                .bug("w is not transposed in the gradient of x", "inner.matmul(w, false, true)", "inner.matmul(w)")
                .bug(Bug.of("The gradient of w is transposed")
                        .replacing("x.matmul(inner, true, false)", "inner.matmul(x, true, false)"))
                .variant("with where, one product after the other", """
                        Tensor z = x.matmul(w);
                        Tensor through = gradient.where(z.gt(0), Tensor.zerosLike(z));
                        Tensor dx = through.matmul(w.transpose(0, 1)).add(gradient);
                        return new Tensor[] {dx, x.transpose(0, 1).matmul(through)};
                        """)
                .variant("loops", """
                        int n = x.dim(0);
                        int c = x.dim(1);
                        double[] dx = gradient.toArray();
                        double[] dw = new double[c * c];
                        for (int i = 0; i < n; i++) {
                            for (int k = 0; k < c; k++) {
                                double z = 0;
                                for (int j = 0; j < c; j++) {
                                    z += x.get(i, j) * w.get(j, k);
                                }
                                if (z <= 0) {
                                    continue;
                                }
                                for (int j = 0; j < c; j++) {
                                    dx[i * c + j] += gradient.get(i, k) * w.get(j, k);
                                    dw[j * c + k] += gradient.get(i, k) * x.get(i, j);
                                }
                            }
                        }
                        return new Tensor[] {Tensor.of(dx, n, c).to(x.dtype()), Tensor.of(dw, c, c).to(x.dtype())};
                        """)
                .hints(
                        "By how many ways does x reach y? Each way hands back a gradient.",
                        "The gradient of the product x · w is the gradient of y where x · w is above 0, and"
                                + " 0 elsewhere.",
                        "inner = gradient.mul(x.matmul(w).gt(0)); x gets gradient + inner · wᵀ, w gets xᵀ · inner.")
                .reading("The section \"A value used twice\" of this lesson");
    }

    private static Tensor one(Tensor number) {
        return number.reshape(1, 1);
    }
}
