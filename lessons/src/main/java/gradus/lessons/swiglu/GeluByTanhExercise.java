package gradus.lessons.swiglu;

import gradus.lessons.learn.exercise.Exercise;

final class GeluByTanhExercise {
    private GeluByTanhExercise() {}

    static Exercise exercise() {
        return Exercise.of(GeluByTanh.class, "GELU by the hyperbolic tangent")
                .forbid("gelu", "geluTanh")
                .probe(
                        "one",
                        "1 + 0.044715 = 1.044715, times √(2/π) = 0.79788: 0.83356; tanh of it 0.68239;"
                                + " 1/2·1.68239 = 0.84119",
                        t -> t.call(t.vector(1)))
                .probe("zero", "0/2·(1 + tanh 0) = 0", t -> t.call(t.vector(0, 1)))
                .probe(
                        "minus two",
                        "-2 - 0.35772 = -2.35772, times 0.79788: -1.88119; tanh -0.95460; -1·0.04540 = -0.04540",
                        t -> t.call(t.vector(-2)))
                .probe("two", "2/2·(1 + 0.95460) = 1.95460", t -> t.call(t.vector(2)))
                .probe("minus three quarters", "near the lowest point: -0.16998", t -> t.call(t.vector(-0.75)))
                .probe(
                        "far from zero",
                        "x³ is 512 at 8: the function is nearly x there, and nearly 0 at -8",
                        t -> t.call(t.vector(8, -8, 3, -10, 10)))
                .probe("three axes, and gradients", "", t -> t.callWithGradients(t.normal(2, 3, 5)))
                .probe(
                        "larger numbers, and gradients",
                        "",
                        t -> t.callWithGradients(t.normal(4, 7).mul(2)))
                .bug("The cubic part is missing", "x.add(cube.mul(0.044715))", "x")
                .bug("It is a square, and should be a cube", "x.mul(x).mul(x)", "x.mul(x)")
                .bug("The constant is 0.44715, ten times too large", "0.044715", "0.44715")
                .bug("The root is of π/2, and should be of 2/π", "2 / Math.PI", "Math.PI / 2")
                .bug("2/π stands without its root", "Math.sqrt(2 / Math.PI)", "2 / Math.PI")
                .bug(
                        "√(2/π) multiplies only the cubic part",
                        "x.add(cube.mul(0.044715)).mul(Math.sqrt(2 / Math.PI))",
                        "x.add(cube.mul(0.044715 * Math.sqrt(2 / Math.PI)))")
                .bug("The half is missing: far from zero it gives 2x", "x.mul(0.5)", "x")
                .bug("The 1 is missing: negative numbers come out positive", "inner.tanh().add(1)", "inner.tanh()")
                .bug(
                        "It is a sigmoid, and should be (1 + tanh)/2: the sigmoid's number must be twice as large",
                        "x.mul(0.5).mul(inner.tanh().add(1))",
                        "x.mul(inner.sigmoid())")
                .bug(
                        "It is the other approximation, x·σ(1.702·x)",
                        "x.mul(0.5).mul(inner.tanh().add(1))",
                        "x.mul(x.mul(1.702).sigmoid())")
                .bug("It is SiLU, x·σ(x)", "x.mul(0.5).mul(inner.tanh().add(1))", "x.mul(x.sigmoid())")
                .bug("It is ReLU", "x.mul(0.5).mul(inner.tanh().add(1))", "x.relu()")
                .variant("a sigmoid of twice the number", """
                        Tensor inner = x.mul(x.square().mul(0.044715).add(1)).mul(2 * Math.sqrt(2 / Math.PI));
                        return inner.sigmoid().mul(x);
                        """)
                .variant("tanh by powers of e", """
                        double root = Math.sqrt(2 / Math.PI);
                        Tensor inner = x.pow(3).mul(0.044715 * root).add(x.mul(root));
                        Tensor e = inner.mul(-2).exp();
                        return x.div(e.add(1));
                        """)
                .hints(
                        "Compute what stands inside of tanh first. What is x³, in products?",
                        "inner = (x + 0.044715·x·x·x)·√(2/π), then x/2 times (1 + tanh(inner)).",
                        "x.mul(0.5).mul(inner.tanh().add(1)), inner = x.add(x.mul(x).mul(x).mul(0.044715))"
                                + ".mul(Math.sqrt(2 / Math.PI)).")
                .reading("The section \"Smooth instead of bent\" of this lesson; Hendrycks & Gimpel 2016");
    }
}
