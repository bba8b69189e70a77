package gradus.lessons.autograd;

import gradus.lessons.learn.exercise.Exercise;

final class ChainRuleExercise {
    private ChainRuleExercise() {}

    static Exercise exercise() {
        return Exercise.of(ChainRule.class, "The gradient of one neuron, by hand")
                .tolerance(1e-9)
                .probe(
                        "nothing but a bias of 0",
                        "z = 0, a = 0: ∂L/∂z = 2 · (0 - 1) · 1 = -2; times x = 3 for w, times w = 0 for x,"
                                + " times 1 for b",
                        t -> t.call(numbers(0), numbers(3), 0.0, 1.0))
                .probe(
                        "one input",
                        "z = 2 · 0.5 - 1 = 0, a = 0: ∂L/∂z = 2 · (0 + 1) = 2; w gets 2 · 0.5, x gets 2 · 2, b gets 2",
                        t -> t.call(numbers(2), numbers(0.5), -1.0, -1.0))
                .probe(
                        "a curved place",
                        "z = 1, a = 0.76159: ∂L/∂z = 2 · 0.76159 · (1 - 0.58003) = 0.63970",
                        t -> t.call(numbers(1), numbers(1), 0.0, 0.0))
                .probe(
                        "only the bias differs from 0",
                        "w and x are 0, so only b has a gradient",
                        t -> t.call(numbers(0, 0), numbers(0, 0), 0.7, 2.0))
                .probe("no inputs", "z = b alone: one number", t -> t.call(numbers(), numbers(), 0.3, -0.5))
                .probe("five inputs", "", t -> t.call(t.normals(5), t.normals(5), 0.1, -0.4))
                .probe(
                        "a saturated neuron",
                        "a is nearly 1, so that 1 - a² is nearly 0: hardly anything can be learnt",
                        t -> t.call(numbers(1.5, -2), numbers(2, -1), 0.5, -1.0))
                .bug(
                        "The derivative of the square is 2·(a - target); the 2 is missing",
                        "2 * (a - target)",
                        "(a - target)")
                .bug(
                        "The derivative of tanh is 1 - tanh(z)², which is 1 - a²; here z stands in a's place",
                        "(1 - a * a)",
                        "(1 - z * z)")
                .bug("The derivative of tanh is missing", " * (1 - a * a)", "")
                .bug("The derivative of tanh is 1 - a², not 1 - a", "(1 - a * a)", "(1 - a)")
                .bug("The derivative of sigmoid, a·(1 - a), is taken for that of tanh", "(1 - a * a)", "a * (1 - a)")
                .bug(
                        "The loss grows when a moves away from the target: the sign is wrong",
                        "(a - target)",
                        "(target - a)")
                .bug(gradus.lessons.learn.exercise.Bug.of(
                                "The derivative of w·x with respect to w is x, and with respect to x is w: exchanged")
                        .replacing("dz * x[i]", "dz * w[i]")
                        .replacing("gradient[n + i] = dz * w[i]", "gradient[n + i] = dz * x[i]"))
                .bug("The bias is left out of z", "double z = b;", "double z = 0;")
                .bug("The bias has no gradient", "gradient[2 * n] = dz;", "gradient[2 * n] = 0;")
                .variant("each derivative by itself, with cosh", """
                        double z = b;
                        for (int i = x.length - 1; i >= 0; i--) {
                            z += x[i] * w[i];
                        }
                        double slope = 1 / (Math.cosh(z) * Math.cosh(z));
                        double outer = 2 * Math.tanh(z) - 2 * target;
                        double[] all = new double[w.length + x.length + 1];
                        for (int i = 0; i < all.length; i++) {
                            double inner = i < w.length ? x[i] : i < all.length - 1 ? w[i - w.length] : 1;
                            all[i] = outer * slope * inner;
                        }
                        return all;
                        """)
                .variant("all parameters in one array", """
                        int n = w.length;
                        double[] p = new double[2 * n + 1];
                        System.arraycopy(w, 0, p, 0, n);
                        System.arraycopy(x, 0, p, n, n);
                        p[2 * n] = b;
                        double s = p[2 * n];
                        for (int i = 0; i < n; i++) {
                            s = Math.fma(p[i], p[n + i], s);
                        }
                        double t = Math.tanh(s);
                        double back = (t - target) + (t - target);
                        back -= back * t * t;
                        double[] g = new double[2 * n + 1];
                        for (int i = 0; i < n; i++) {
                            g[i] += back * p[n + i];
                            g[n + i] += back * p[i];
                        }
                        g[2 * n] += back;
                        return g;
                        """)
                .hints(
                        "How does L change when a grows a little? How does a change when z grows? Multiply the two.",
                        "∂L/∂z = 2·(a - target)·(1 - a²). What is ∂z/∂wᵢ?",
                        "∂L/∂wᵢ = dz·xᵢ, ∂L/∂xᵢ = dz·wᵢ, ∂L/∂b = dz.")
                .reading("The section \"The chain rule\" of this lesson");
    }

    private static double[] numbers(double... values) {
        return values;
    }
}
