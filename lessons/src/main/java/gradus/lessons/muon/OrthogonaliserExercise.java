package gradus.lessons.muon;

import gradus.lessons.learn.exercise.Exercise;

final class OrthogonaliserExercise {
    private OrthogonaliserExercise() {}

    static Exercise exercise() {
        return Exercise.of(Orthogonaliser.class, "Orthogonal by Newton and Schulz")
                .probe(
                        "one number",
                        "7/7 = 1, and p(1) = 3.4445 - 4.775 + 2.0315 = 0.701; p(0.701) = 1.1127, p(1.1127) = 0.7168,"
                                + " then 1.0948 and 0.7014",
                        t -> t.call(t.matrix(new double[] {7})))
                .probe(
                        "a diagonal matrix",
                        "‖U‖ = 5: the singular values 0.6 and 0.8 go through p five times each; 4 and 3 end near 1",
                        t -> t.call(t.matrix(new double[] {3, 0}, new double[] {0, 4})))
                .probe(
                        "the same, turned and with a sign",
                        "singular values are not the diagonal; the signs and the places stay",
                        t -> t.call(t.matrix(new double[] {0, -4}, new double[] {3, 0})))
                .probe("a wide matrix", "X·Xᵀ has as many rows as X", t -> t.call(t.normal(2, 7)))
                .probe("a tall matrix", "the result has the shape of u", t -> t.call(t.normal(7, 3)))
                .probe(
                        "a tall matrix of large numbers",
                        "the length of u goes out with ‖U‖",
                        t -> t.call(t.normal(6, 4).mul(1000)))
                .probe(
                        "a matrix as small as 1e-7",
                        "‖U‖ + 1e-7 is 5e-8 + 1e-7: X starts at a third of length 1",
                        t -> t.call(t.matrix(new double[] {3e-8, 0, 0}, new double[] {0, 4e-8, 0})))
                .probe(
                        "zeros",
                        "0/(0 + 1e-7) = 0, and stays 0",
                        t -> t.call(t.matrix(new double[] {0, 0, 0}, new double[] {0, 0, 0})))
                .bug(
                        "The matrix is not divided by its norm, and singular values above 1.3 run away",
                        "u.div(u.norm().add(1e-7))",
                        "u")
                .bug(
                        "Every row is divided by its own norm, which turns the directions of the matrix",
                        "u.norm().add(1e-7)",
                        "u.norm(2, 1, true).add(1e-7)")
                .bug(
                        "The matrix is divided by its largest element, not by its norm",
                        "u.norm().add(1e-7)",
                        "u.abs().max().add(1e-7)")
                .bug("The 1e-7 beside the norm is left out: a matrix of zeros gives 0/0", ".add(1e-7)", "")
                .bug("There are four rounds, not five", "round < 5", "round < 4")
                .bug("There are six rounds, not five", "round < 5", "round < 6")
                .bug(
                        "The last term of the polynomial is left out: it is X·Xᵀ·X alone",
                        ".add(square.matmul(square).mul(2.0315))",
                        "")
                .bug("The square of X·Xᵀ is taken element by element", "square.matmul(square)", "square.mul(square)")
                .bug(
                        "The powers are off by one: X·Xᵀ·X stands where (X·Xᵀ)²·X should, and X where X·Xᵀ·X should",
                        "x.mul(3.4445).add(polynomial.matmul(x))",
                        "x.mul(3.4445).add(x.mul(-4.7750)).add(square.matmul(x).mul(2.0315))")
                .bug("The sign of b is lost", "-4.7750", "4.7750")
                .variant("the smaller product: turned if it is tall", """
                        boolean tall = u.dim(0) > u.dim(1);
                        Tensor x = tall ? u.transpose(0, 1) : u;
                        x = x.div(Math.sqrt(x.square().sum().item()) + 1e-7);
                        for (int round = 0; round < 5; round++) {
                            Tensor a = x.matmul(x, false, true);
                            x = x.mul(3.4445).add(a.mul(-4.7750).add(a.matmul(a).mul(2.0315)).matmul(x));
                        }
                        return tall ? x.transpose(0, 1) : x;
                        """)
                .variant("term by term from the right", """
                        Tensor x = u.mul(1 / (u.norm().item() + 1e-7));
                        for (int round = 5; round > 0; round--) {
                            Tensor three = x.matmul(x.transpose(0, 1).matmul(x));
                            Tensor five = three.matmul(x.transpose(0, 1)).matmul(x);
                            x = x.mul(3.4445).sub(three.mul(4.7750)).add(five.mul(2.0315));
                        }
                        return x;
                        """)
                .hints(
                        "Which product of X with itself has as many rows and columns as X has rows?",
                        "S = X·Xᵀ serves both terms: b·S + c·S·S, multiplied by X from the right.",
                        "x = x.mul(a).add(square.mul(b).add(square.matmul(square).mul(c)).matmul(x)), five times from"
                                + " u.div(u.norm().add(1e-7)).")
                .reading("The section \"Newton and Schulz\" of this lesson");
    }
}
